import { type Decoded, unexpected } from "../conditions/decode.js";
import { DecodeError } from "../errors/errors.js";

/**
 * Converts a value to a string as JavaScript does, since the vendor does the same. For a value that
 * cannot be converted, such as `{"toString":1,"valueOf":1}`, returns an error to be kept in its place:
 * the vendor fails where it converts the value, and nowhere else.
 */
export function convertToString(value: unknown, path: string): Decoded<string> {
  return converted(path, "a string", value, () => String(value));
}

/** The same for numbers. NaN for a value that is not numeric. */
export function convertToNumber(value: unknown, path: string): Decoded<number> {
  return typeof value === "number"
    ? value
    : converted(path, "a number", value, () => Number(value));
}

/** The same for dates, in epoch ms. NaN for a falsy value and for one that is not a date. */
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
    return new DecodeError(path, problem, { cause });
  }
}
