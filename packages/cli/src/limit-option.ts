import { UsageError } from "./errors.js";

/** Returns whether `some` of `all` exceed a limit. */
export type Limit = (some: number, all: number) => boolean;

/**
 * Reads a limit: a number, or a percentage such as `5%`.
 *
 * @throws UsageError that names the option.
 */
export function limitOf(option: string, text: string): Limit {
  const [, number, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? [];
  const limit = Number(number);
  if (number === undefined || (percent === "%" && limit > 100)) {
    const expected = "expected a number such as 10, or a percentage up to 100% such as 0.1%";
    throw new UsageError(`${option}: ${expected}, got ${JSON.stringify(text)}`);
  }
  if (percent === "" && !Number.isInteger(limit)) {
    const meant = limit < 1 ? `: write ${Number((limit * 100).toPrecision(12))}% for a share` : "";
    throw new UsageError(`${option}: expected a whole number or a percentage, got ${text}${meant}`);
  }
  return percent === "%" ? (some, all) => some * 100 > limit * all : (some) => some > limit;
}
