import { drawBinomial } from "./draw-binomial.js";
import type { Random } from "./seeded-random.js";

/**
 * Draws how often each outcome occurs: one binomial number for each, among what the former ones left (Devroye,
 * "Non-Uniform Random Variate Generation", 1986, chapter XI).
 *
 * @param trials - an integer, 0 or more.
 * @param probabilities - of the outcomes; they add up to 1.
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
