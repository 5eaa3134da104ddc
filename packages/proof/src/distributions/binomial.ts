import { betaLowerTail, betaUpperTail } from "../special/incomplete-beta.js";

/**
 * Probability of `successes` or more among `trials`: `I(p; k, n − k + 1)` (DLMF 8.17.5).
 *
 * @param successes - an integer.
 * @param trials - an integer, 0 or more.
 * @see https://dlmf.nist.gov/8.17
 */
export function binomialUpperTail(successes: number, trials: number, probability: number): number {
  if (successes <= 0) return 1;
  if (successes > trials) return 0;
  return betaLowerTail(probability, successes, trials - successes + 1);
}

/** Probability of `successes` or fewer among `trials`. */
export function binomialLowerTail(successes: number, trials: number, probability: number): number {
  if (successes < 0) return 0;
  if (successes >= trials) return 1;
  return betaUpperTail(probability, successes + 1, trials - successes);
}
