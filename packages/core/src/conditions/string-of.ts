/** Returns the string form of a JSON value. Empty for an object without one, because its `toString` is data. */
export function stringOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return "";
  }
}
