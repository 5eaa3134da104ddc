import { chiSquareTest, lnBayesFactor, multinomialTest } from "@sortition/proof";

/** How counts compare with configured shares. */
export interface SplitTest {
  readonly pValue: number;
  readonly method: "chi-square" | "exact" | "drawn";
  /** Cohen's w: how far the shares are apart, whatever the number of subjects. */
  readonly effect: number;
  /** The largest difference from a configured share, −1 … 1, and whose it is. */
  readonly largest: { readonly variation: string; readonly difference: number };
  /** Natural logarithm of the Bayes factor, which stays valid however often one looks. */
  readonly lnBayesFactor: number;
}

/** Fewer expected subjects than this, in any variation, need an exact test. */
const MIN_EXPECTED = 5;
const EXACT = { maxResults: 1_000_000, draws: 100_000, seed: 1 };

/** Counts by variation. */
export type Counts = ReadonlyMap<string, number>;

/** @param shares - by variation, in any unit; one at least is above 0. */
export function testSplit(counts: Counts, shares: ReadonlyMap<string, number>): SplitTest {
  const names = [...new Set([...shares.keys(), ...counts.keys()])];
  const observed = names.map((name) => counts.get(name) ?? 0);
  const given = names.map((name) => shares.get(name) ?? 0);
  const sum = given.reduce((all, share) => all + share, 0);
  const expected = given.map((share) => share / sum);
  const total = observed.reduce((all, count) => all + count, 0);
  const { pValue, statistic } = chiSquareTest(observed, given);
  const isSmall = expected.some((share) => share > 0 && total * share < MIN_EXPECTED);
  const exact = isSmall ? multinomialTest(observed, given, EXACT) : null;
  let largest = { variation: "", difference: 0 };
  names.forEach((variation, i) => {
    const difference = (observed[i] ?? 0) / Math.max(total, 1) - (expected[i] ?? 0);
    if (Math.abs(difference) > Math.abs(largest.difference)) largest = { variation, difference };
  });
  return {
    pValue: exact?.pValue ?? pValue,
    method: exact === null ? "chi-square" : exact.method,
    effect: total === 0 ? 0 : Math.sqrt(statistic / total),
    largest,
    lnBayesFactor: lnBayesFactor(observed, given),
  };
}

/** The sum of counts. */
export function totalOf(counts: Counts): number {
  let total = 0;
  for (const count of counts.values()) total += count;
  return total;
}

/** Counts without a part of them. */
export function without(counts: Counts, part: Counts): Counts {
  return new Map([...counts].map(([key, count]) => [key, count - (part.get(key) ?? 0)]));
}
