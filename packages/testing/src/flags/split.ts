import { OptionError } from "@sortition/core/internal";
import type { Split } from "./definition.js";
import { shown } from "./shown.js";

/** Shares of the subjects in per cent, by variation. What they leave of 100 goes on to the next rule. */
export type Shares = Readonly<Record<string, number>>;

/**
 * An experiment: each subject gets the variation that its hash falls to, and is exposed.
 *
 * @throws OptionError if a share is below 0, or all of them are above 100.
 */
export function split(shares: Shares): Split {
  return splitOf("split", shares, true);
}

/**
 * A roll-out: as {@link split}, but without exposures.
 *
 * @throws OptionError if a share is below 0, or all of them are above 100.
 */
export function rollout(shares: Shares): Split {
  return splitOf("rollout", shares, false);
}

function splitOf(call: string, shares: Shares, isExperiment: boolean): Split {
  const entries = Object.entries(shares ?? {});
  const received = `received ${shown(shares)}`;
  if (entries.length === 0)
    throw new OptionError(call, `expected shares by variation, ${received}`);
  let sum = 0;
  for (const [variation, percent] of entries) {
    if (!(typeof percent === "number" && percent >= 0)) {
      throw new OptionError(`${call}.${variation}`, `expected a share of 0 or more, ${received}`);
    }
    sum += percent;
  }
  // 33.3 + 66.7 is not always 100.
  if (!(sum <= 100 + 1e-9)) {
    throw new OptionError(call, `expected shares of 100 per cent together, or less, ${received}`);
  }
  return {
    kind: "split",
    shares: entries.map(([variation, percent]) => ({ variation, percent })),
    isExperiment,
  };
}
