/** What a getter of OpenFeature returns. */
export type GetterType = "boolean" | "string" | "number" | "object";

/** Whether a getter may return the value. An object getter needs the same kind of JSON as its default value. */
export function isExpected(value: unknown, type: GetterType, defaultValue: unknown): boolean {
  if (type !== "object") return typeof value === type;
  // A default value of `null` does not show which kind is expected.
  return defaultValue === null || kindOf(value) === kindOf(defaultValue);
}

/** The kind of JSON of a value, with its article. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
