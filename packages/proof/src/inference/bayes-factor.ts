import { lnGamma } from "../special/ln-gamma.js";
import { type Experiment, experimentOf } from "./experiment.js";

/** Options of the Bayes factor. */
export interface BayesFactorOptions {
  /**
   * Concentrations of the prior around the expected shares. Each is a Dirichlet distribution with this number times each share, and
   * detects deviations of about `√(share (1 − share) / concentration)` soonest. The Bayes factors of all concentrations are
   * averaged. Above 0; default: `[2, 100, 10_000]`.
   */
  readonly concentrations?: readonly number[] | undefined;
}

const CONCENTRATIONS: readonly number[] = [2, 100, 10_000];

/**
 * Natural logarithm of the Bayes factor of "the shares are different" over "the shares are as expected". For one concentration
 * `c` it is `Γ(c) / Γ(c + n) · Π Γ(c pᵢ + nᵢ) / (Γ(c pᵢ) pᵢ^nᵢ)`, the Dirichlet-multinomial marginal likelihood over the
 * multinomial one. The average of several is the Bayes factor of a mixture of these priors.
 *
 * @param counts - observed count of each outcome.
 * @param shares - expected share of each outcome, in any unit.
 * @throws RangeError
 * @see Michael Lindon and Alan Malek, "Anytime-Valid Inference for Multinomial Count Data" (2022)
 */
export function lnBayesFactor(
  counts: readonly number[],
  shares: readonly number[],
  { concentrations = CONCENTRATIONS }: BayesFactorOptions = {},
): number {
  if (concentrations.length === 0) {
    throw new RangeError("concentrations: expected at least one");
  }
  concentrations.forEach((concentration, i) => {
    if (concentration > 0 && concentration < Number.POSITIVE_INFINITY) return;
    throw new RangeError(
      `concentrations[${i}]: expected a number above 0, received ${concentration}`,
    );
  });
  const experiment = experimentOf(counts, shares);
  if (experiment.isImpossible) return Number.POSITIVE_INFINITY;
  return lnMean(concentrations.map((concentration) => lnFactorOf(experiment, concentration)));
}

function lnFactorOf({ counts, probabilities, total }: Experiment, concentration: number): number {
  return probabilities.reduce(
    (ln, probability, i) => {
      const prior = concentration * probability;
      const count = counts[i] ?? 0;
      return ln + lnGamma(prior + count) - lnGamma(prior) - count * Math.log(probability);
    },
    lnGamma(concentration) - lnGamma(concentration + total),
  );
}

/** The logarithm of the mean of numbers that are given by their logarithms, which may be too large for `exp`. */
function lnMean(logarithms: readonly number[]): number {
  const largest = Math.max(...logarithms);
  const sum = logarithms.reduce((all, ln) => all + Math.exp(ln - largest), 0);
  return largest + Math.log(sum / logarithms.length);
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
