import { type Decoded, type Report, unexpected } from "../../conditions/decode.js";
import { DecodeError } from "../../errors/errors.js";

/**
 * A value as JavaScript converts it to a string, which is what the vendor does. A value that cannot be
 * converted, such as `{"toString":1,"valueOf":1}`, gives an error to be kept in its place: the vendor
 * fails where it converts the value, and nowhere else.
 */
export function stringOf(value: unknown, path: string): Decoded<string> {
  return converted(path, "a string", value, () => String(value));
}

/** The same for numbers. What is not numeric is NaN. */
export function numberOf(value: unknown, path: string, report: Report): Decoded<number> {
  if (typeof value === "number") return value;
  report(unexpected(path, "a number", value));
  return converted(path, "a number", value, () => Number(value));
}

/** A date in epoch ms; NaN for a falsy value and for what is not a date. */
export function dateOf(value: unknown, path: string, report: Report): Decoded<number> {
  if (!value) return Number.NaN;
  const date = converted(path, "a date", value, () => new Date(value as string).getTime());
  if (date instanceof DecodeError) report(date);
  return date;
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
