import { parseExactly } from "./exact-json.js";
import { isJsonObject, type JsonObject } from "./request.js";

/** Returns an object, or parses an object that a warehouse wrote as a JSON string; `null` for any other value. */
export function objectIn(value: unknown): JsonObject | null {
  if (isJsonObject(value)) return value;
  if (typeof value !== "string" || !/^\s*\{/.test(value)) return null;
  try {
    const parsed = parseExactly(value);
    return isJsonObject(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

/** Parses an object or a list that a table contains as JSON text. Returns any other value unchanged. */
export function jsonIn(cell: unknown): unknown {
  if (typeof cell !== "string" || !/^[{[]/.test(cell)) return cell;
  try {
    return parseExactly(cell);
  } catch {
    return cell;
  }
}

/** Removes members that are `null`, at any depth. */
export function withoutNulls(object: JsonObject): JsonObject {
  const entries = Object.entries(object).filter(([, value]) => value !== null);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, isJsonObject(value) ? withoutNulls(value) : value]),
  );
}

/** Returns the first value other than `undefined`, `null` and `""`; if there is none, the first value. */
export function firstFilled(...values: readonly unknown[]): unknown {
  return values.find((value) => value !== undefined && value !== null && value !== "") ?? values[0];
}
