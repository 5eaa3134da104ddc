import { requireCounts, requireList } from "./require-list.js";

/** Counts of an experiment with their expected probabilities. */
export interface Experiment {
  readonly counts: readonly number[];
  /** Probabilities that add up to 1. */
  readonly probabilities: readonly number[];
  /** Sum of the counts. */
  readonly total: number;
  /** Whether an outcome with probability 0 was observed. */
  readonly isImpossible: boolean;
}

/**
 * Checks the arguments of a test.
 *
 * @param counts - non-negative integers.
 * @param shares - non-negative numbers in any unit: 0.5 and 0.5, or 50 and 50.
 * @returns the outcomes with a share above 0; `total` and `isImpossible` refer to all outcomes.
 * @throws RangeError
 */
export function experimentOf(counts: readonly number[], shares: readonly number[]): Experiment {
  requireCounts("counts", counts);
  requireList("shares", shares);
  if (counts.length !== shares.length || counts.length === 0) {
    throw new RangeError(
      `shares: expected one for each count, received ${counts.length} counts and ${shares.length} shares`,
    );
  }
  const probabilities = probabilitiesOf(shares);
  const isPossible = (_: unknown, i: number): boolean => probabilities[i] !== 0;
  return {
    counts: counts.filter(isPossible),
    probabilities: probabilities.filter((probability) => probability !== 0),
    total: counts.reduce((sum, count) => sum + count, 0),
    isImpossible: counts.some((count, i) => count > 0 && probabilities[i] === 0),
  };
}

/** Scales the shares so that they add up to 1. */
function probabilitiesOf(shares: readonly number[]): readonly number[] {
  shares.forEach((share, i) => {
    if (!Number.isFinite(share) || share < 0) {
      throw new RangeError(`shares[${i}]: expected a non-negative number, received ${share}`);
    }
  });
  const sum = shares.reduce((all, share) => all + share, 0);
  if (!(sum > 0)) throw new RangeError("shares: expected at least one above 0");
  if (sum === Number.POSITIVE_INFINITY) throw new RangeError("shares: expected a finite sum");
  return shares.map((share) => share / sum);
}
