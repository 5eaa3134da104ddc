/** What a getter of OpenFeature returns. */
export type GetterType = "boolean" | "string" | "number" | "object";

/** Whether a getter may return the value: for objects, one of the JSON kind of the default value. */
export function isExpected(value: unknown, type: GetterType, defaultValue: unknown): boolean {
  if (type !== "object") return typeof value === type;
  // A default of `null` says nothing about what is expected.
  return defaultValue === null || kindOf(value) === kindOf(defaultValue);
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "list" : typeof value;
}
