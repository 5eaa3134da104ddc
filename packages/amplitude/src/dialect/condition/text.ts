import { decodeError } from "@sortition/core/dialect";

/** Returns the string that conditions and buckets use, or `undefined` for an absent value. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (value === undefined || value === null) return undefined;
  // `JSON.stringify` returns undefined for an object whose `toJSON` does.
  return typeof value === "object" ? (JSON.stringify(value) as string | undefined) : String(value);
}

const BRACKET = 0x5b;

/**
 * Returns the elements of an array, or of a string with a JSON array, as strings. Absent and empty
 * elements are dropped. Returns `null` for anything else.
 */
export function listOf(value: unknown): readonly string[] | null {
  // Read inside the function, so that V8 inlines the call under any bundler, even after a class
  // extends `String`.
  const charCodeAt = String.prototype.charCodeAt;
  if (Array.isArray(value)) return textsOf(value);
  if (typeof value !== "string" && !isWritten(value)) return null;
  try {
    const text = String(value);
    // Quirk: a string with leading white space is not treated as a list (amplitude).
    if (charCodeAt.call(text, 0) !== BRACKET) return null;
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? textsOf(parsed) : null;
  } catch {
    return null;
  }
}

/** Whether an object's class defines how it is converted to a string, as for `new String("[]")`. */
function isWritten(value: unknown): boolean {
  return typeof value === "object" && value?.toString !== Object.prototype.toString;
}

/**
 * Whether a value is certainly not a list, because it is a string that does not start with a
 * bracket.
 */
export function isPlainText(value: unknown): value is string {
  const charCodeAt = String.prototype.charCodeAt;
  return typeof value === "string" && charCodeAt.call(value, 0) !== BRACKET;
}

function textsOf(elements: readonly unknown[]): readonly string[] {
  const texts: string[] = [];
  for (const element of elements) {
    const text = textOf(element);
    if (text) texts.push(text);
  }
  return texts;
}

/**
 * Returns the string form of a part of a payload of any type.
 *
 * @throws DecodeError if it has none.
 */
export function stringAt(value: unknown, path: string): string {
  try {
    return String(value);
  } catch (cause) {
    throw decodeError(path, "expected a string", { cause });
  }
}
