let lastMs: number | null = null;
let lastText = "";

/**
 * A time as events have it: ISO 8601 in UTC with milliseconds. The exposures of one request often fall in the same
 * millisecond, so the last text is kept.
 *
 * @throws RangeError if it is not a time.
 */
export function timestampOf(timeMs: number): string {
  if (timeMs !== lastMs) {
    lastText = new Date(timeMs).toISOString();
    lastMs = timeMs;
  }
  return lastText;
}
