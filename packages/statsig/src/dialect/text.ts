/** Returns the string form of a value. Empty for an object without one, because its `toString` is data. */
export function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return "";
  }
}
