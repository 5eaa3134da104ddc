import { requireCounts } from "./require-list.js";

/** Two groups whose counts are compared. */
export interface TwoGroups {
  /** Counts by outcome, without outcomes that neither group has. */
  readonly first: readonly number[];
  readonly second: readonly number[];
  /** Sums of the counts of both groups, by outcome. */
  readonly both: readonly number[];
  readonly firstTotal: number;
  readonly secondTotal: number;
}

/**
 * Checks the counts of two groups.
 *
 * @param first - non-negative integers, one for each outcome.
 * @throws RangeError
 */
export function twoGroupsOf(first: readonly number[], second: readonly number[]): TwoGroups {
  requireCounts("first", first);
  requireCounts("second", second);
  if (first.length !== second.length || first.length === 0) {
    throw new RangeError(
      `second: expected a count for each outcome of the first group, received ${second.length} for ${first.length}`,
    );
  }
  const isPossible = (_: unknown, i: number): boolean => (first[i] ?? 0) + (second[i] ?? 0) > 0;
  const [a, b] = [first.filter(isPossible), second.filter(isPossible)];
  return {
    first: a,
    second: b,
    both: a.map((count, i) => count + (b[i] ?? 0)),
    firstTotal: sumOf(a),
    secondTotal: sumOf(b),
  };
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
