let lastMs: number | null = null;
let lastText = "";

/**
 * Formats a time for events as ISO 8601 in UTC with milliseconds. The exposures of one request often occur in the same
 * millisecond, so the last string is cached.
 *
 * @throws RangeError if the time is invalid.
 */
export function timestampOf(timeMs: number): string {
  if (timeMs !== lastMs) {
    lastText = new Date(timeMs).toISOString();
    lastMs = timeMs;
  }
  return lastText;
}
