import { isJsonObject } from "@sortition/core/dialect";

const FLOAT = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const INFINITE = /^[+-]?(inf|infinity)$/i;
const NOT_A_NUMBER = /^[+-]?nan$/i;
const INTEGER = /^[+-]?\d+$/;
const DATE = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;
const DATE_WITHOUT_ZONE = /^\s*(\d{4})-(\d\d?)-(\d\d?)\s+(\d\d?):(\d\d?):(\d\d?)$/;

/** Returns the text of a value. `null`: it has none. */
export function coreText(value: unknown): string | null {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") return plainNumber(value);
  return Array.isArray(value) ? JSON.stringify(value) : null;
}

/** Returns a number without an exponent. */
function plainNumber(value: number): string {
  const text = String(value);
  if (!text.includes("e")) return text;
  const [digits = "", exponent = "0"] = text.split("e");
  const [whole = "", fraction = ""] = digits.replace("-", "").split(".");
  const point = whole.length + Number(exponent);
  const all = whole + fraction;
  const plain =
    point <= 0 ? `0.${"0".repeat(-point)}${all}` : all.padEnd(Math.max(point, all.length), "0");
  return value < 0 ? `-${plain}` : plain;
}

/** Returns a number, or `NaN`. Booleans are not numbers. */
export function coreNumber(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return Number.NaN;
  if (FLOAT.test(value)) return Number(value);
  if (!INFINITE.test(value)) return Number.NaN;
  return value.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** Returns epoch ms of a value that a subject has, or `null`. */
export function coreTime(value: unknown): number | null {
  if (typeof value === "number") return isInt64(value) ? millis(value) : null;
  if (typeof value !== "string") return null;
  if (INTEGER.test(value) && isInt64(Number(value))) return millis(Number(value));
  // Quirk: a longer date, such as one with milliseconds, is not a date (statsig, core).
  return value.length < 8 || value.length > 20 ? null : mapped(dateIn(value));
}

/** Returns the bound of a condition, or `null`. Quirk: seconds are not converted (statsig, core). */
export function coreBound(target: unknown): number | null {
  if (typeof target === "number") return Math.trunc(target);
  if (typeof target !== "string") return null;
  if (INTEGER.test(target)) return Number(target);
  if (NOT_A_NUMBER.test(target)) return 0; // Quirk: as Rust converts NaN to an integer (statsig, core).
  const number = coreNumber(target);
  return dateIn(target) ?? (Number.isNaN(number) ? null : Math.trunc(number));
}

function isInt64(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) < 2 ** 63;
}

function dateIn(text: string): number | null {
  const parts = DATE.exec(text) ?? DATE_WITHOUT_ZONE.exec(text);
  if (parts === null) return null;
  const [, ...numbers] = parts.slice(0, 7).map(Number);
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = numbers;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  // JavaScript moves the 30th of February to March. Quirk: a minute may have 61 seconds (statsig, core).
  const isDay = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!isDay || hours > 23 || minutes > 59 || seconds > 60) return null;
  const [fraction = "", zone = "Z"] = parts.slice(7);
  const offset = zone.length > 1 ? Date.parse(`1970-01-01T00:00:00${zone}`) : 0;
  const time = date.setUTCHours(hours, minutes, seconds) + offset;
  return time + Math.trunc(Number(`0${fraction}`) * 1_000);
}

function mapped(time: number | null): number | null {
  return time === null ? null : millis(time);
}

function millis(time: number): number {
  return Math.abs(time) < 10_000_000_000 ? time * 1_000 : time;
}

/** The values of a condition by their lower-case form. Quirk: of two that differ only in case, the last remains (statsig, core). */
export function coreTexts(target: unknown): ReadonlyMap<string, string> | null {
  if (!Array.isArray(target)) return null;
  return new Map(
    target.map((it) => {
      const text = typeof it === "string" ? it : JSON.stringify(it ?? null);
      return [text.toLowerCase(), text];
    }),
  );
}

/** Returns the keys of a list that is written as an object. */
export function coreKeys(target: unknown): ReadonlySet<string> | null {
  return isJsonObject(target) ? new Set(Object.keys(target)) : null;
}
