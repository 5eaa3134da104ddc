/** Formats a part of a payload that should be a string, but may be anything. */
export function shownText(value: unknown): string {
  return typeof value === "object" && value !== null ? "(not a string)" : String(value);
}
