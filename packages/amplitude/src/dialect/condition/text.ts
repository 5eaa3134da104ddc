import { DecodeError } from "@sortition/core/dialect";

/** The string that conditions and buckets work with; `undefined` for an absent value. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (value === undefined || value === null) return undefined;
  // `JSON.stringify` returns undefined for an object whose `toJSON` does.
  return typeof value === "object" ? (JSON.stringify(value) as string | undefined) : String(value);
}

const BRACKET = 0x5b;

/**
 * The elements of a list as strings: of an array, or of a string that is a JSON array. Absent and empty
 * elements are dropped. `null`: not a list.
 */
export function listOf(value: unknown): readonly string[] | null {
  // Taken inside of the function: V8 inlines the call then, under any bundler and also once a class extends `String`.
  const charCodeAt = String.prototype.charCodeAt;
  if (Array.isArray(value)) return textsOf(value);
  if (typeof value !== "string" && !isWritten(value)) return null;
  try {
    const text = String(value);
    // Quirk: leading white space makes it an ordinary string (amplitude).
    if (charCodeAt.call(text, 0) !== BRACKET) return null;
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? textsOf(parsed) : null;
  } catch {
    return null;
  }
}

/** Whether an object has a string form of its class, such as that of `new String("[]")`. */
function isWritten(value: unknown): boolean {
  return typeof value === "object" && value?.toString !== Object.prototype.toString;
}

/** Whether a value cannot be a list: a string that does not start with a bracket. */
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
 * The string form of a part of a payload, of whatever type.
 *
 * @throws DecodeError if it has none.
 */
export function stringAt(value: unknown, path: string): string {
  try {
    return String(value);
  } catch (cause) {
    throw new DecodeError(path, "expected a string", { cause });
  }
}
