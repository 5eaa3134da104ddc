/**
 * Returns the string form of a member that should be a string. Empty if there is none, as for an object with
 * `toString: 1`.
 */
export function safeText(value: unknown): string {
  if (typeof value === "string") return value;
  try {
    return `${value}`;
  } catch {
    return "";
  }
}
