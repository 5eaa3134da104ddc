import { UsageError } from "./errors.js";

/** Whether so many of all are more than a limit. */
export type Limit = (some: number, all: number) => boolean;

/**
 * Reads a limit: a number, or a part such as `5%`.
 *
 * @throws UsageError that names the option.
 */
export function limitOf(option: string, text: string): Limit {
  const [, number, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? [];
  const limit = Number(number);
  if (number === undefined || (percent === "%" && limit > 100)) {
    throw new UsageError(`${option}: expected a number or a part such as 0.1%, got ${text}`);
  }
  return percent === "%" ? (some, all) => some * 100 > limit * all : (some) => some > limit;
}
