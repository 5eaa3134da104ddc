/**
 * Serializes a JSON value so that equal values give equal strings. The order of members does not matter, `1` and
 * `1.0` are equal, and `1` and `"1"` differ.
 *
 * @throws TypeError for values that JSON cannot represent, such as a cycle.
 */
export function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_, it: unknown) => (isObject(it) ? sorted(it) : it)) ?? "null";
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sorted(object: object): object {
  const names = Object.entries(object);
  return Object.fromEntries(names.sort(([a], [b]) => (a < b ? -1 : 1)));
}
