import type { WindowDescription } from "../description.js";

const MINUTE_MS = 60_000;

/**
 * Returns when an allocation is active: `always`, `from 2026-02-01 until 2026-03-01 12:30Z`.
 *
 * @param textOf - formats a time. Default: to the minute.
 */
export function windowWords(
  window: WindowDescription | null,
  textOf: (ms: number) => string = momentText,
): string {
  const { endAtMs = null, startAtMs = null } = window ?? {};
  const words = [
    ...(startAtMs === null ? [] : [`from ${textOf(startAtMs)}`]),
    ...(endAtMs === null ? [] : [`until ${textOf(endAtMs)}`]),
  ];
  return words.length === 0 ? "always" : words.join(" ");
}

/** Returns a time in UTC to the minute: `2026-02-01 12:30Z`, and `2026-02-01` at midnight. */
export function momentText(ms: number): string {
  const date = new Date(Math.floor(ms / MINUTE_MS) * MINUTE_MS);
  if (Number.isNaN(date.getTime())) return String(ms);
  return date.toISOString().replace("T", " ").replace(":00.000Z", "Z").replace(" 00:00Z", "");
}
