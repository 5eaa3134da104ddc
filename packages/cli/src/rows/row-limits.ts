import type { CommandOption } from "../help/command-help.js";
import { type Limit, limitOf } from "../limit-option.js";

/** Options for accepting incomplete inputs. */
export const ROW_LIMIT_OPTIONS: readonly CommandOption[] = [
  {
    name: "max-bad",
    value: "N|P%",
    help: ["number or percentage of lines that may be unreadable (default: 0)"],
  },
  {
    name: "allow-empty",
    help: [
      "exit with 0 if the input has no rows, or if replay or srm could judge none of them, for example",
      "because an experiment still has too few subjects (implied by --part)",
    ],
  },
];

/** Limits for accepting incomplete inputs. */
export interface RowLimits {
  /** Whether there are too many unreadable lines. */
  readonly isTooManyBad: Limit;
  /** Whether the input may have no rows. */
  readonly allowsEmpty: boolean;
  /** Whether only one part of the subjects is read. */
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
