/**
 * The string form of an attribute; `undefined`: it has none, and no condition on strings matches. Quirk: dates and objects
 * with a `toString` of their own have one (datadog).
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

/** A number, or the number that a string in decimal notation has; else NaN, which is in no order. */
export function numberOf(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "string" && DECIMAL.test(value) ? Number(value) : Number.NaN;
}
