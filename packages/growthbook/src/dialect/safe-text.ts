/** The string form of a member that should be a string; empty if it has none, like an object with `toString: 1`. */
export function safeText(value: unknown): string {
  if (typeof value === "string") return value;
  try {
    return `${value}`;
  } catch {
    return "";
  }
}
