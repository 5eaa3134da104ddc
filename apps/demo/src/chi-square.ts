/** Observed counts against expected shares. */
export interface GoodnessOfFit {
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  /** False if the deviation is larger than chance gives in about one of 3 000 cases. */
  readonly isAsExpected: boolean;
}

/** Standard normal quantile of 1 - 1/3 000. */
const LIMIT = 3.4;

/**
 * Pearson's test of goodness of fit. The cube root of Wilson and Hilferty (1931) makes the statistic
 * approximately standard normal, which is accurate enough to distinguish chance from a defect.
 */
export function goodnessOfFit(
  observed: ReadonlyMap<string, number>,
  expected: ReadonlyMap<string, number>,
): GoodnessOfFit {
  const total = [...observed.values()].reduce((sum, count) => sum + count, 0);
  const hasUnexpected = [...observed.keys()].some((variation) => !expected.has(variation));
  let statistic = 0;
  for (const [variation, share] of expected) {
    const count = total * share;
    statistic += ((observed.get(variation) ?? 0) - count) ** 2 / count;
  }
  const degreesOfFreedom = expected.size - 1;
  const spread = 2 / (9 * degreesOfFreedom);
  const z = (Math.cbrt(statistic / degreesOfFreedom) - (1 - spread)) / Math.sqrt(spread);
  // A single variation cannot deviate.
  const isWithinChance = degreesOfFreedom === 0 || z < LIMIT;
  return { statistic, degreesOfFreedom, isAsExpected: isWithinChance && !hasUnexpected };
}
