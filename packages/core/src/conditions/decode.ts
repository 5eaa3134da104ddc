import { DecodeError, EvaluationError } from "../errors/errors.js";
import { decodeError, isErrorBudgetSpent } from "./error-budget.js";

/** A JSON object as received, with members of unknown shape. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * A decoded value, or its decode error. The error is kept in place of the value, so that it is thrown where the
 * vendor's SDK would fail.
 */
export type Decoded<T> = T | DecodeError;

/** Receives the error of a malformed part. */
export type Report = (error: DecodeError, code?: string) => void;

/** Whether a value is a JSON object: not an array, not `null`. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @throws DecodeError if `value` is not a JSON object. */
export function expectObject(value: unknown, path: string): JsonObject {
  if (isJsonObject(value)) return value;
  throw unexpected(path, "an object", value);
}

/** @throws DecodeError if `value` is not an array. */
export function expectArray(value: unknown, path: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw unexpected(path, "an array", value);
}

/** @throws DecodeError if `value` is not a string. */
export function expectString(value: unknown, path: string): string {
  if (typeof value === "string") return value;
  throw unexpected(path, "a string", value);
}

/** @throws DecodeError if `value` is not a number. */
export function expectNumber(value: unknown, path: string): number {
  if (typeof value === "number") return value;
  throw unexpected(path, "a number", value);
}

/** Creates the error for a value of the wrong type. Its message contains only the type of the value. */
export function unexpected(path: string, expected: string, received: unknown): DecodeError {
  return decodeError(path, `expected ${expected}, got ${typeName(received)}`);
}

/** Returns the function of a flag that could not be decoded. Each call throws a new error. */
export function failing(flagKey: string, cause: DecodeError): () => never {
  return () => {
    throw new EvaluationError("SORTITION_EVALUATION", flagKey, cause.message, { cause });
  };
}

/** Decodes a value. A `DecodeError` is reported and returned instead of the result. */
export function attempt<T>(decode: () => T, report: Report): Decoded<T> {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    report(error);
    return error;
  }
}

/**
 * Decodes each element of an array. Errors are kept in the place of the element. Evaluations read elements in order and
 * throw at the first error, so after many errors the elements after an error are not decoded, and are treated as errors
 * too.
 */
export function attemptEach<T>(
  value: unknown,
  path: string,
  decode: (element: unknown, path: string, index: number) => T,
  report: Report,
): Decoded<readonly Decoded<T>[]> {
  if (!Array.isArray(value)) {
    const problem = unexpected(path, "an array", value);
    report(problem);
    return problem;
  }
  let failure: DecodeError | null = null;
  return value.map((element: unknown, i) => {
    if (failure !== null && isErrorBudgetSpent()) {
      report(failure);
      return failure;
    }
    const decoded = attempt(() => decode(element, `${path}[${i}]`, i), report);
    if (decoded instanceof DecodeError) failure = decoded;
    return decoded;
  });
}

/** Appends a member access to a JSON path. */
export function member(path: string, key: string): string {
  return `${path}[${JSON.stringify(key)}]`;
}

function typeName(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** Creates the issue of an operator or a type that does not exist. The vendor's SDK accepts it. */
export function unknownWord(
  path: string,
  kind: "operator" | "type",
  word: unknown,
  effect: string,
): DecodeError {
  // Other values are not quoted, because they may be nested too deeply.
  const name = typeof word === "string" ? JSON.stringify(word.slice(0, 100)) : typeName(word);
  return decodeError(path, `unknown ${kind} ${name}, ${effect}`);
}
