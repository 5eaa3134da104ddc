import { parseEpochMs, parseIsoTime } from "../evaluate/time.js";
import { isZoneName, msInZone, repeatedMs } from "./zone-name.js";

/** A UTC time in the usual format, on a day that every month has, so that `Date.parse` alone can check it. */
const USUAL = /^\d{4}-\d\d-(?:[01]\d|2[0-8])T\d\d:\d\d:\d\d(?:\.\d+)?Z$/;
const LOGGED = /^\d{4}-\d\d-\d\dT/;
const HAS_TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/;
const HAS_ZONE = /(?:Z|[+-]\d\d(?::?\d\d)?)$/;
const OFFSET = /^(?:UTC|Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
/** Numbers that are not epoch milliseconds, because they would be times before 1973 or after the year 33,658. */
const OTHER_UNITS = [
  { unit: "seconds", from: 1e8, to: 1e11 },
  { unit: "microseconds", from: 1e15, to: 1e16 },
  { unit: "nanoseconds", from: 1e18, to: 1e19 },
];

/** Whether a time has the format of our loggers and the vendors' SDKs. */
export function isLoggedTime(value: unknown): boolean {
  return typeof value === "string" && LOGGED.test(value);
}

/** Whether a string is a zone: `UTC`, `Z`, an offset such as `+02:00`, or a name such as `Europe/Berlin`. */
export function isZone(text: string): boolean {
  return OFFSET.test(text) || isZoneName(text);
}

/**
 * Reads the time of an event: epoch milliseconds or ISO 8601. A space is accepted instead of the `T` and before the
 * zone, because warehouses write it.
 *
 * @param zone - the zone of times without one; `null` rejects such times.
 * @returns epoch ms, or a description of the problem.
 */
export function eventTimeOf(value: unknown, zone: string | null): number | string {
  if (typeof value === "number" || typeof value === "bigint") return epochMsOf(Number(value));
  if (typeof value !== "string") return "expected an ISO 8601 time or epoch milliseconds";
  if (USUAL.test(value)) {
    const ms = Date.parse(value);
    if (!Number.isNaN(ms)) return ms;
  }
  if (/^\d+(?:\.\d+)?$/.test(value)) return epochMsOf(Number(value));
  const text = isoText(value);
  if (!HAS_TIME.test(text)) return `not a time: ${JSON.stringify(value.slice(0, 40))}`;
  const isZoned = isZonedText(text);
  if (!isZoned && zone === null) return "the time has no zone. Add --zone, e.g. --zone UTC";
  const ms = isZoned ? parseIsoTime(text) : localMs(text, zone ?? "UTC");
  return ms ?? `not a time: ${JSON.stringify(value.slice(0, 40))}`;
}

/**
 * The second time that a local time means if it occurs twice, because the clocks go back; `null` if it occurs once.
 *
 * @param timeMs - the time as {@link eventTimeOf} reads it.
 */
export function laterTimeOf(value: unknown, timeMs: number, zone: string | null): number | null {
  if (zone === null || OFFSET.test(zone) || typeof value !== "string") return null;
  const text = isoText(value);
  return HAS_TIME.test(text) && !isZonedText(text) ? repeatedMs(timeMs, zone) : null;
}

function isoText(value: string): string {
  return value
    .trim()
    .replace(/ (?:UTC|GMT)$/, "Z")
    .replace(/ (?=(?:Z|[+-]\d\d(?::?\d\d)?)$)/, "")
    .replace(" ", "T");
}

function isZonedText(text: string): boolean {
  return HAS_ZONE.test(text.slice(10));
}

/** Reads a time without a zone. */
function localMs(text: string, zone: string): number | null {
  if (OFFSET.test(zone)) return parseIsoTime(`${text}${zone === "UTC" ? "Z" : zone}`);
  const asUtcMs = parseIsoTime(`${text}Z`);
  return asUtcMs === null ? null : msInZone(asUtcMs, zone);
}

function epochMsOf(value: number): number | string {
  const other = OTHER_UNITS.find(({ from, to }) => value >= from && value < to);
  if (other !== undefined) return `expected epoch milliseconds, but the unit is ${other.unit}`;
  return parseEpochMs(value) ?? "the time is out of range";
}
