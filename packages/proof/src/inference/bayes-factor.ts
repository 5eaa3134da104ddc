import { lnGamma } from "../special/ln-gamma.js";
import { experimentOf } from "./experiment.js";

/** Options of the Bayes factor. */
export interface BayesFactorOptions {
  /**
   * How near the alternative is to the expected shares: it is a Dirichlet distribution with this times each share. Deviations
   * of about `√(share (1 − share) / concentration)` are found soonest. Above 0; default: 10,000.
   */
  readonly concentration?: number;
}

/**
 * Natural logarithm of the Bayes factor of "the shares are others" over "the shares are these": `Γ(c) / Γ(c + n) ·
 * Π Γ(c pᵢ + nᵢ) / (Γ(c pᵢ) pᵢ^nᵢ)`, the Dirichlet-multinomial marginal likelihood over the multinomial one.
 *
 * @param counts - how often each outcome was observed.
 * @param shares - how often each is expected, in any unit.
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
 * A p-value that stays valid however often the counts are looked at, and whenever one stops: `1 / Bayes factor`, at most 1. Under
 * the expected shares the Bayes factor is a martingale with mean 1, so that it ever reaches `1/α` with probability α at most
 * (Ville's inequality). The smallest one of all looks is as valid.
 *
 * @param counts - how often each outcome was observed so far.
 * @param shares - how often each is expected, in any unit.
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
