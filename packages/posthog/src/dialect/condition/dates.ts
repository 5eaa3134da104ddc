import { type Tri, triOf, UNSUPPORTED } from "./tri.js";

const DAY_MS = 86_400_000;
const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, d: DAY_MS, w: 7 * DAY_MS };

/** Returns the limit of a date filter, epoch ms, for the time of the call. */
export type DateLimit = (nowMs: number) => number;

/**
 * Reads a date of the form `-7d`, with or without the sign, as a time before now. Returns `null` for any other form.
 *
 * @see src/README.md, "Dates"
 */
function relativeDate(text: string): DateLimit | null {
  const [, digits = "", unit = ""] = /^-?(\d+)([a-z])$/.exec(text) ?? [];
  const count = Number.parseInt(digits, 10);
  if (!(count < 10_000)) return null;
  const unitMs = UNIT_MS[unit];
  if (unitMs !== undefined) return (nowMs) => nowMs - count * unitMs;
  if (unit === "m") return (nowMs) => monthsBefore(nowMs, count);
  return unit === "y" ? (nowMs) => yearsBefore(nowMs, count) : null;
}

/**
 * Reads the value of a date filter. Returns `null` if it is not a date. A time without a zone is in the local time of
 * the process.
 */
export function readDateLimit(value: unknown): DateLimit | null {
  if (typeof value === "boolean") return null;
  const relative = relativeDate(String(value));
  if (relative !== null) return relative;
  const ms = readDate(value);
  return ms === null ? null : () => ms;
}

/** Compiles `is_date_before` or `is_date_after`. Both exclude the limit itself. */
export function compileDate(
  value: unknown,
  isBefore: boolean,
  unusable: Tri,
): (value: unknown, nowMs: () => number) => Tri {
  const limit = readDateLimit(value);
  if (limit === null) return () => UNSUPPORTED;
  return (actual, nowMs) => {
    const ms = actual instanceof Date ? actual.getTime() : readDate(actual);
    if (ms === null) {
      // Quirk: a value without a string form throws, because the vendor's message contains it (posthog).
      void `${actual}`;
      return unusable;
    }
    const limitMs = limit(nowMs());
    return triOf(isBefore ? ms < limitMs : ms > limitMs);
  };
}

function readDate(value: unknown): number | null {
  if (typeof value !== "string" && typeof value !== "number") return null;
  const ms = new Date(value).getTime();
  return Number.isNaN(ms) ? null : ms;
}

/**
 * Subtracts one month at a time. The day is limited to the length of each month on the way (31 March − 2 months = 28
 * January).
 */
function monthsBefore(nowMs: number, count: number): number {
  const date = new Date(nowMs);
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth();
  let day = date.getUTCDate();
  for (let step = 1; step <= count && day > 28; step++) {
    day = Math.min(day, new Date(Date.UTC(year, month - step + 1, 0)).getUTCDate());
  }
  return date.setUTCFullYear(year, month - count, day);
}

function yearsBefore(nowMs: number, count: number): number {
  const date = new Date(nowMs);
  const isLeapDay = date.getUTCMonth() === 1 && date.getUTCDate() === 29;
  const day = count > 0 && isLeapDay ? 28 : date.getUTCDate();
  return date.setUTCFullYear(date.getUTCFullYear() - count, date.getUTCMonth(), day);
}
