import { chiSquareUpperTail } from "../distributions/chi-square.js";
import { experimentOf } from "./experiment.js";

/** Result of {@link chiSquareTest}. */
export interface ChiSquareTest {
  readonly statistic: number;
  /** One less than there are outcomes with a share. */
  readonly degreesOfFreedom: number;
  /** How often chance deviates as much as this, or more. */
  readonly pValue: number;
}

/**
 * Pearson's test of goodness of fit: `Σ (observed − expected)² / expected` against a chi-square distribution. Right where
 * each expected count is 5 or more; for smaller ones there is `multinomialTest`. A count whose share is 0 gives an
 * infinite statistic.
 *
 * @param counts - how often each outcome was observed.
 * @param shares - how often each is expected, in any unit.
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
