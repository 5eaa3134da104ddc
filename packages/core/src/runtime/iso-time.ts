/** The maximum distance of a `Date` from the epoch. */
export const MAX_TIME_MS = 8.64e15;

/**
 * Formats a time as ISO 8601. Never throws. Uses the nearest time that a `Date` can represent, and the epoch for `NaN`.
 */
export function isoTime(timeMs: number): string {
  const nearest = Math.min(Math.max(timeMs, -MAX_TIME_MS), MAX_TIME_MS);
  return new Date(Number.isNaN(nearest) ? 0 : nearest).toISOString();
}
