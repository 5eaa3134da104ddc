import { drawBinomial } from "./draw-binomial.js";
import type { Random } from "./seeded-random.js";

/**
 * Draws the count of each outcome. Each count is a binomial number among the trials that the earlier outcomes left
 * (Devroye, "Non-Uniform Random Variate Generation", 1986, chapter XI).
 *
 * @param trials - an integer, 0 or more.
 * @param probabilities - probabilities of the outcomes, which add up to 1.
 * @returns counts that add up to `trials`.
 */
export function drawMultinomial(
  random: Random,
  trials: number,
  probabilities: readonly number[],
): readonly number[] {
  let left = trials;
  let rest = 1;
  return probabilities.map((probability, i) => {
    const isLast = i === probabilities.length - 1;
    const count = isLast ? left : drawBinomial(random, left, Math.min(1, probability / rest));
    left -= count;
    rest -= probability;
    return count;
  });
}
