import { lnGamma } from "../special/ln-gamma.js";
import { experimentOf } from "./experiment.js";

/** Options of the Bayes factor. */
export interface BayesFactorOptions {
  /**
   * Concentration of the prior around the expected shares: a Dirichlet distribution with this number times each share. Deviations
   * of about `√(share (1 − share) / concentration)` are detected soonest. Above 0; default: 10,000.
   */
  readonly concentration?: number;
}

/**
 * Natural logarithm of the Bayes factor of "the shares are different" over "the shares are as expected": `Γ(c) / Γ(c + n) ·
 * Π Γ(c pᵢ + nᵢ) / (Γ(c pᵢ) pᵢ^nᵢ)`, the Dirichlet-multinomial marginal likelihood over the multinomial one.
 *
 * @param counts - observed count of each outcome.
 * @param shares - expected share of each outcome, in any unit.
 * @throws RangeError
 * @see Michael Lindon and Alan Malek, "Anytime-Valid Inference for Multinomial Count Data" (2022)
 */
export function lnBayesFactor(
  counts: readonly number[],
  shares: readonly number[],
  { concentration = 10_000 }: BayesFactorOptions = {},
): number {
  if (!(concentration > 0 && concentration < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`concentration: expected a number above 0, received ${concentration}`);
  }
  const { counts: observed, isImpossible, probabilities, total } = experimentOf(counts, shares);
  if (isImpossible) return Number.POSITIVE_INFINITY;
  return probabilities.reduce(
    (ln, probability, i) => {
      const prior = concentration * probability;
      const count = observed[i] ?? 0;
      return ln + lnGamma(prior + count) - lnGamma(prior) - count * Math.log(probability);
    },
    lnGamma(concentration) - lnGamma(concentration + total),
  );
}

/**
 * A p-value that stays valid however often it is computed, and whenever the experiment stops: `1 / Bayes factor`, at most 1. If
 * the expected shares are true, the Bayes factor is a martingale with mean 1, so the probability that it ever reaches `1/α` is
 * at most α (Ville's inequality). The smallest p-value of all checks is also valid.
 *
 * @param counts - observed count of each outcome so far.
 * @param shares - expected share of each outcome, in any unit.
 * @throws RangeError
 * @see Michael Lindon and Alan Malek, "Anytime-Valid Inference for Multinomial Count Data" (2022)
 */
export function alwaysValidPValue(
  counts: readonly number[],
  shares: readonly number[],
  options: BayesFactorOptions = {},
): number {
  return Math.min(1, Math.exp(-lnBayesFactor(counts, shares, options)));
}
