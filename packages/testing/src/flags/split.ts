import { memberName, OptionError } from "@sortition/core/internal";
import type { Split } from "@sortition/test-kit/flags";
import { shown } from "./shown.js";
import { printMistake } from "./test-diagnostics.js";

/**
 * Percentages of the subjects, by variation. If they add up to less than 100, the other subjects
 * proceed to the next rule.
 */
export type Shares = Readonly<Record<string, number>>;

/**
 * Creates an experiment: each subject gets a variation by its hash, and an exposure is logged.
 *
 * @throws OptionError if a share is below 0, or the shares add up to more than 100.
 */
export function split(shares: Shares): Split {
  return splitOf("split", shares, true);
}

/**
 * Creates a rollout: like {@link split}, but without exposures.
 *
 * @throws OptionError if a share is below 0, or the shares add up to more than 100.
 */
export function rollout(shares: Shares): Split {
  return splitOf("rollout", shares, false);
}

function splitOf(call: string, shares: Shares, isExperiment: boolean): Split {
  const entries = Object.entries(shares ?? {});
  const received = `received ${shown(shares)}`;
  if (Array.isArray(shares)) {
    const form = `${call}({ ${memberName(shares.every((it) => typeof it === "string") ? shares[0] : "a")}: 50 })`;
    throw new OptionError(call, `expected shares by variation, ${received}: write ${form}`);
  }
  if (entries.length === 0)
    throw new OptionError(call, `expected shares by variation, ${received}`);
  let sum = 0;
  for (const [variation, percent] of entries) {
    if (!(typeof percent === "number" && percent >= 0)) {
      const advice = `write percentages, such as ${call}({ ${memberName(variation)}: 50 })`;
      const problem = `expected a share of 0 or more, ${received}: ${advice}`;
      throw new OptionError(`${call}.${variation}`, problem);
    }
    sum += percent;
  }
  // Sums such as 33.3 + 66.7 have rounding errors.
  if (!(sum <= 100 + 1e-9)) {
    throw new OptionError(call, `expected shares that add up to 100% or less, ${received}`);
  }
  if (Math.abs(sum - 1) < 1e-9 && entries.some(([, percent]) => !Number.isInteger(percent))) {
    const meant = entries.map(
      ([name, share]) => `${memberName(name)}: ${Number((share * 100).toPrecision(12))}`,
    );
    printMistake(
      `${call}: the shares add up to 1%: for 100%, write ${call}({ ${meant.join(", ")} })`,
    );
  }
  return {
    kind: "split",
    shares: entries.map(([variation, percent]) => ({ variation, percent })),
    isExperiment,
  };
}
