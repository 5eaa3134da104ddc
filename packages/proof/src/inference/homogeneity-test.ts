import { chiSquareUpperTail } from "../distributions/chi-square.js";
import type { ChiSquareTest } from "./chi-square-test.js";
import { twoGroupsOf } from "./two-groups.js";

/** Result of {@link homogeneityTest}. */
export interface HomogeneityTest extends ChiSquareTest {
  /** Smallest expected count of an outcome in a group. Below 5, use `fisherTest`. */
  readonly leastExpected: number;
}

/**
 * Pearson's test of whether two groups have the same distribution of outcomes. The expected count of an outcome in a group is
 * its count in both groups, times the group's share of all subjects. The p-value is accurate if each expected count is 5 or more.
 *
 * @param first - observed count of each outcome in the first group.
 * @param second - the same for the second group. No subject is in both.
 * @throws RangeError
 * @see Karl Pearson, "On the Probability that two Independent Distributions of Frequency are really Samples from the same
 * Population" (1911)
 */
export function homogeneityTest(
  first: readonly number[],
  second: readonly number[],
): HomogeneityTest {
  const groups = twoGroupsOf(first, second);
  const { both, firstTotal, secondTotal } = groups;
  const total = firstTotal + secondTotal;
  const degreesOfFreedom = Math.max(0, both.length - 1);
  let statistic = 0;
  let leastExpected = both.length === 0 ? 0 : Number.POSITIVE_INFINITY;
  both.forEach((count, i) => {
    const expected = (count * firstTotal) / total;
    const others = (count * secondTotal) / total;
    leastExpected = Math.min(leastExpected, expected, others);
    const difference = (groups.first[i] ?? 0) - expected;
    if (expected > 0 && others > 0) statistic += difference ** 2 * (1 / expected + 1 / others);
  });
  // An empty group, or a single outcome, cannot deviate.
  const pValue = degreesOfFreedom === 0 ? 1 : chiSquareUpperTail(statistic, degreesOfFreedom);
  return { statistic, degreesOfFreedom, pValue, leastExpected };
}
