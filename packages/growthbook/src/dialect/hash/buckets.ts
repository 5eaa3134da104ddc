import type { VariationRange } from "../wire.js";

/** Returns `n` equal weights that add up to 1, or none for `n <= 0`. */
export function getEqualWeights(n: number): number[] {
  return n <= 0 ? [] : new Array<number>(n).fill(1 / n);
}

/**
 * Returns the range of each variation. Weights are replaced by equal ones if their number differs from the variations
 * or if they do not add up to about 1.
 *
 * Sums are computed in the vendor's order, because `0.1 + 0.2` decides about a user at exactly 0.3.
 *
 * @param coverage - limited to 0 … 1. Default: 1.
 */
export function getBucketRanges(
  numVariations: number,
  coverage: number | undefined,
  weights?: number[] | null,
): VariationRange[] {
  let share = coverage === undefined ? 1 : coverage;
  if (share < 0) share = 0;
  else if (share > 1) share = 1;
  const equal = getEqualWeights(numVariations);
  let used = weights || equal;
  if (used.length !== numVariations) used = equal;
  const total = used.reduce((weight, sum) => sum + weight, 0);
  if (total < 0.99 || total > 1.01) used = equal;
  let cumulative = 0;
  return used.map((weight): VariationRange => {
    const start = cumulative;
    cumulative += weight;
    return [start, start + share * weight];
  });
}
