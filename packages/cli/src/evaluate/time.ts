/** The largest time that `Date` can represent, in epoch ms. */
const MAX_TIME_MS = 8.64e15;

const HOURS = "(?:[01]\\d|2[0-3])";
const TIME = `${HOURS}:[0-5]\\d(?::[0-5]\\d(?:[.,]\\d+)?)?|24:00(?::00(?:[.,]0+)?)?`;
const ZONE = `Z|[+-]${HOURS}(?::?[0-5]\\d)?`;
const ISO_TIME: RegExp = /* @__PURE__ */ new RegExp(
  `^(?<date>\\d{4}-\\d\\d-\\d\\d)(?:T(?<time>${TIME})(?<zone>${ZONE})?)?$`,
);

/**
 * Reads an ISO 8601 date, or date and time, in the extended format; `null` for anything else. As in
 * JavaScript, a date alone is midnight UTC, and a time without a zone is the process's local time.
 *
 * @returns epoch ms.
 */
export function parseIsoTime(text: string): number | null {
  const { date, time, zone } = ISO_TIME.exec(text)?.groups ?? {};
  if (date === undefined || !isDay(date)) return null;
  if (time === undefined) return Date.parse(date);
  return Date.parse(`${date}T${time.replace(",", ".")}${offset(zone)}`);
}

/** Reads epoch milliseconds; `null` if `Date` cannot represent the number. */
export function parseEpochMs(value: number): number | null {
  return Math.abs(value) <= MAX_TIME_MS ? Math.trunc(value) : null;
}

/** Reads what a user types as a time: ISO 8601 or epoch milliseconds. */
export function parseTimeText(text: string): number | null {
  return /^-?\d+(?:\.\d+)?$/.test(text) ? parseEpochMs(Number(text)) : parseIsoTime(text);
}

/** Checks the day, because `Date.parse` may read 30 February as 2 March. */
function isDay(date: string): boolean {
  const ms = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date);
}

/** Returns the offset in the only format that the ECMAScript specification requires. */
function offset(zone: string | undefined): string {
  if (zone === undefined || zone === "Z") return zone ?? "";
  const digits = zone.slice(1).replace(":", "").padEnd(4, "0");
  return `${zone[0]}${digits.slice(0, 2)}:${digits.slice(2)}`;
}
