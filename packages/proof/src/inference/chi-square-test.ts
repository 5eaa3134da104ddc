import { chiSquareUpperTail } from "../distributions/chi-square.js";
import { experimentOf } from "./experiment.js";

/** Result of {@link chiSquareTest}. */
export interface ChiSquareTest {
  readonly statistic: number;
  /** Number of outcomes with a share above 0, minus 1. */
  readonly degreesOfFreedom: number;
  /** Probability of a deviation at least this large if the shares are true. */
  readonly pValue: number;
}

/**
 * Pearson's test of goodness of fit: `Σ (observed − expected)² / expected` against a chi-square distribution. Use it
 * if each expected count is 5 or more, and `multinomialTest` for smaller ones. If an outcome with share 0 was observed, the
 * statistic is infinite.
 *
 * @param counts - observed count of each outcome.
 * @param shares - expected share of each outcome, in any unit.
 * @throws RangeError
 * @see Karl Pearson, "On the criterion that a given system of deviations …" (1900)
 */
export function chiSquareTest(counts: readonly number[], shares: readonly number[]): ChiSquareTest {
  const { counts: observed, isImpossible, probabilities, total } = experimentOf(counts, shares);
  const degreesOfFreedom = observed.length - 1;
  if (isImpossible) return { statistic: Number.POSITIVE_INFINITY, degreesOfFreedom, pValue: 0 };
  let statistic = 0;
  probabilities.forEach((probability, i) => {
    const expected = total * probability;
    if (expected > 0) statistic += ((observed[i] ?? 0) - expected) ** 2 / expected;
  });
  // A single outcome cannot deviate.
  const pValue = degreesOfFreedom === 0 ? 1 : chiSquareUpperTail(statistic, degreesOfFreedom);
  return { statistic, degreesOfFreedom, pValue };
}
