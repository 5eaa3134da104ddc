import { isJsonObject, type JsonObject, RequestError } from "./request.js";

/** Matches strings and numbers of JSON. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const INTEGER = /^-?\d+$/;
/** Marks an integer that was written as a string. No export contains a NUL character. */
const MARK = "\u0000";

/**
 * Parses JSON. An integer that a number would round, such as a 64-bit key, becomes a `bigint`. Decimals are rounded, as in the SDKs.
 *
 * @throws SyntaxError
 */
export function parseExactly(text: string): unknown {
  const value: unknown = JSON.parse(text);
  // Node.js 20 does not pass the source of a number to a reviver.
  return mayBeRounded(value) ? JSON.parse(withMarks(text), unmarked) : value;
}

/** Whether a number prints other digits than this integer. */
export function isRoundedInteger(text: string): boolean {
  if (!INTEGER.test(text) || Number.isSafeInteger(Number(text))) return false;
  return String(Number(text)) !== text.replace(/^(-?)0+/, "$1");
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
  return someScalar(value, (it) => Number.isInteger(it) && !Number.isSafeInteger(it));
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
  const isMarked = typeof value === "string" && value.startsWith(MARK);
  return isMarked && INTEGER.test(value.slice(1)) ? BigInt(value.slice(1)) : value;
}

/** Like {@link rounded}, for any value. */
export function roundedValue(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(roundedValue);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, it]) => [name, roundedValue(it)]));
}
