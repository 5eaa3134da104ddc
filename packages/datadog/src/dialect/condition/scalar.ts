/**
 * Returns the string form of an attribute, or `undefined` if it has none, so that no string condition matches. Quirk:
 * dates and objects with their own `toString` have a string form (datadog).
 */
export function stringOf(value: unknown): string | undefined {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
    case "boolean":
    case "bigint":
      return String(value);
    case "object":
      return value === null || Array.isArray(value) ? undefined : stringOfObject(value);
    default:
      return undefined;
  }
}

function stringOfObject(value: object): string | undefined {
  try {
    return value.toString === Object.prototype.toString ? undefined : String(value);
  } catch {
    return undefined;
  }
}

const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Returns a number as it is, parses a decimal string, and returns NaN for anything else, so that no comparison matches. */
export function numberOf(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "string" && DECIMAL.test(value) ? Number(value) : Number.NaN;
}
