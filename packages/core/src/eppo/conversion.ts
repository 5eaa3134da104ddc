import { type Decoded, unexpected } from "../conditions/decode.js";
import { decodeError } from "../conditions/error-budget.js";

/**
 * Converts a value to a string as JavaScript and the vendor's SDK do. If a value cannot be converted, such as
 * `{"toString":1,"valueOf":1}`, returns an error to keep in its place, because the vendor's SDK fails only where it
 * converts the value.
 */
export function convertToString(value: unknown, path: string): Decoded<string> {
  return converted(path, "a string", value, () => String(value));
}

/** Like {@link convertToString}, for numbers. Returns NaN for a value that is not numeric. */
export function convertToNumber(value: unknown, path: string): Decoded<number> {
  return typeof value === "number"
    ? value
    : converted(path, "a number", value, () => Number(value));
}

/**
 * Like {@link convertToString}, for dates in epoch ms. Returns NaN for a falsy value and for a value that is not a
 * date.
 */
export function convertToDate(value: unknown, path: string): Decoded<number> {
  if (!value) return Number.NaN;
  return converted(path, "a date", value, () => new Date(value as string).getTime());
}

function converted<T>(
  path: string,
  expected: string,
  value: unknown,
  convert: () => T,
): Decoded<T> {
  try {
    return convert();
  } catch (cause) {
    const { problem } = unexpected(path, expected, value);
    return decodeError(path, problem, { cause });
  }
}
