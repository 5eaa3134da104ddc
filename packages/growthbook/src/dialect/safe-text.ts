/**
 * Converts a member that should be a string. Returns an empty string if it cannot be converted, such as an object with
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
