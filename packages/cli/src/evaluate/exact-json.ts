import { isJsonObject, type JsonObject, RequestError } from "./request.js";

/** Matches strings and numbers of JSON. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const NUMBER = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;
/** Marks an integer that was written as a string. No export contains a NUL character. */
const MARK = "\u0000";

/**
 * Parses JSON. An integer that a number would round or print differently, such as a 64-bit key or `7.000000000000001e+18`, becomes a
 * `bigint`. Decimals are rounded, as in the SDKs.
 *
 * @throws SyntaxError
 */
export function parseExactly(text: string): unknown {
  const value: unknown = JSON.parse(text);
  // Node.js 20 does not pass the source of a number to a reviver.
  return mayBeRounded(value) ? JSON.parse(withMarks(text), unmarked) : value;
}

/** Whether a number prints differently from this large integer, in any notation. */
export function isRoundedInteger(text: string): boolean {
  const value = Number(text);
  if (!NUMBER.test(text) || !isLarge(value)) return false;
  return String(value) !== text.replace(/^(-?)0+/, "$1");
}

function isLarge(value: unknown): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value);
}

/** Whether a value contains a `bigint`. */
export function hasBigInt(value: unknown): boolean {
  return someScalar(value, (it) => typeof it === "bigint");
}

/** Converts each `bigint` of an object to the nearest number. */
export function rounded(object: JsonObject): JsonObject {
  return roundedValue(object) as JsonObject; // an object stays one
}

/** The error for a number that is needed exactly. */
export function tooLarge(name: string): RequestError {
  return new RequestError(name, "the number is too large to be read exactly. Write it as a string");
}

function mayBeRounded(value: unknown): boolean {
  return someScalar(value, isLarge);
}

function someScalar(value: unknown, test: (scalar: unknown) => boolean): boolean {
  if (typeof value !== "object" || value === null) return test(value);
  for (const name in value) {
    if (someScalar((value as JsonObject)[name], test)) return true;
  }
  return false;
}

function withMarks(text: string): string {
  return text.replace(TOKEN, (token) => {
    return isRoundedInteger(token) ? JSON.stringify(`${MARK}${token}`) : token;
  });
}

function unmarked(_: string, value: unknown): unknown {
  if (typeof value !== "string" || !value.startsWith(MARK)) return value;
  const text = value.slice(1);
  if (!NUMBER.test(text)) return value;
  return BigInt(/[.e]/i.test(text) ? Number(text) : text);
}

/** Like {@link rounded}, for any value. */
export function roundedValue(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(roundedValue);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, it]) => [name, roundedValue(it)]));
}
