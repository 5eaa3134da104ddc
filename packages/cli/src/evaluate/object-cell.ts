import { isJsonObject, type JsonObject } from "./request.js";

/** An object, or the one whose JSON a warehouse wrote as a string; `null` for anything else. */
export function objectIn(value: unknown): JsonObject | null {
  if (isJsonObject(value)) return value;
  if (typeof value !== "string" || !/^\s*\{/.test(value)) return null;
  try {
    const parsed: unknown = JSON.parse(value);
    return isJsonObject(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

/** The same object without the members that are `null`, at any depth. */
export function withoutNulls(object: JsonObject): JsonObject {
  const entries = Object.entries(object).filter(([, value]) => value !== null);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, isJsonObject(value) ? withoutNulls(value) : value]),
  );
}

/** The first value that is neither absent, `null` nor an empty string; else the first one. */
export function firstFilled(...values: readonly unknown[]): unknown {
  return values.find((value) => value !== undefined && value !== null && value !== "") ?? values[0];
}
