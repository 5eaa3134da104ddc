import type { CommandOption } from "../help/command-help.js";
import { type Limit, limitOf } from "../limit-option.js";

/** Options that say which inputs are accepted. */
export const ROW_LIMIT_OPTIONS: readonly CommandOption[] = [
  {
    name: "max-bad",
    value: "N|P%",
    help: ["number or percentage of lines that may be unreadable (default: 0)"],
  },
  {
    name: "allow-empty",
    help: ["exit with 0 if the input has no rows; implied by --part"],
  },
];

/** Which inputs are accepted. */
export interface RowLimits {
  /** Whether so many unreadable lines are too many. */
  readonly isTooManyBad: Limit;
  /** Whether the input may have no rows. */
  readonly allowsEmpty: boolean;
  /** Whether only a part of the subjects is read, and others are in other parts. */
  readonly isPart: boolean;
}

/** @throws UsageError */
export function rowLimitsOf(given: ReadonlyMap<string, string>): RowLimits {
  const isPart = given.has("part");
  return {
    isTooManyBad: limitOf("--max-bad", given.get("max-bad") ?? "0"),
    allowsEmpty: isPart || given.has("allow-empty"),
    isPart,
  };
}
