import type { Configuration } from "../../model/configuration.js";

/** Whether a value is the key of a flag. */
export function isFlag(served: Configuration | null, key: unknown): boolean {
  try {
    return typeof key === "string" && (served?.flag(key) ?? null) !== null;
  } catch {
    return false; // a key that cannot be hashed, or a malformed flag
  }
}

/** Whether a value is a list or an object that is not a date. */
export function isNested(value: unknown): boolean {
  return typeof value === "object" && value !== null && !(value instanceof Date);
}

/** Whether a value is an object, a function or `null`. */
export function isObject(value: unknown): value is object {
  return typeof value === "object" || typeof value === "function";
}
