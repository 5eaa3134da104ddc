import {
  binomialLowerTail,
  binomialUpperTail,
  chiSquareTest,
  type ExactTest,
  lnBayesFactor,
  multinomialTest,
} from "@sortition/proof";
import { type Counts, totalOf } from "./counts.js";

/** The result of comparing counts with configured shares. */
export interface SplitTest {
  readonly pValue: number;
  readonly method: TestMethod;
  /** Cohen's w, which does not depend on the number of subjects; `null` if infinite, because a share is 0. */
  readonly effect: number | null;
  /**
   * The variation that differs most from its configured share, and the difference, −1 … 1. If variations without a share have
   * subjects, it is one of them.
   */
  readonly largest: { readonly variation: string; readonly difference: number };
  /** Natural logarithm of the Bayes factor, which stays valid however often the test is run. */
  readonly lnBayesFactor: number;
}

/** `drawn`: an exact test that draws random results, because there are too many to enumerate. */
export type TestMethod = "chi-square" | "always-valid" | ExactTest["method"];

/** A p-value below this is a mismatch. */
export const LEVEL = 0.001;

/** Shares of variations in any unit, at least one of them above 0. */
export type Shares = ReadonlyMap<string, number>;

/**
 * Up to this many subjects, two variations are tested exactly. If a variation is expected to get few subjects, Pearson's test
 * rejects up to 3.6 times too often. Even at 50:50, it rejects slightly too often for many numbers of subjects.
 */
const MAX_EXACT_SUBJECTS = 20_000;
/**
 * Pearson's test needs at least this many expected subjects in each variation. With fewer, it rejects up to 2.8 times too often, and
 * with so many, up to 1.2 times.
 */
export const MIN_EXPECTED = 150;
/** With three or more variations, the slow exact test is skipped if the p-value of Pearson's test is above this. */
export const MAX_PEARSON_P = 0.05;

/** Concentrations of the priors of the always-valid test, see `BayesFactorOptions`. */
export const CONCENTRATIONS: readonly number[] = [2, 100, 10_000];

export const EXACT = { maxResults: 1_000_000, draws: 100_000, seed: 1 };

/** Tests whether subjects are split as configured. */
export function testSplit(counts: Counts, shares: Shares): SplitTest {
  const { given, names, observed } = tableOf(counts, shares);
  const sum = given.reduce((all, share) => all + share, 0);
  const total = totalOf(counts);
  const pearson = chiSquareTest(observed, given);
  const effect = total === 0 ? 0 : Math.sqrt(pearson.statistic / total);
  let largest = { variation: "", difference: 0 };
  const hasUnshared = observed.some((count, i) => count > 0 && given[i] === 0);
  names.forEach((variation, i) => {
    if (hasUnshared && (given[i] ?? 0) > 0) return;
    const difference = (observed[i] ?? 0) / Math.max(total, 1) - (given[i] ?? 0) / sum;
    if (Math.abs(difference) > Math.abs(largest.difference)) largest = { variation, difference };
  });
  const least = Math.min(...given.filter((share) => share > 0));
  const isFew = (total * least) / sum < MIN_EXPECTED;
  const isExact =
    pearson.degreesOfFreedom <= 1
      ? total <= MAX_EXACT_SUBJECTS || isFew
      : isFew && pearson.pValue < MAX_PEARSON_P;
  const exact = isExact ? exactTest(observed, given) : null;
  return {
    pValue: exact?.pValue ?? pearson.pValue,
    method: exact?.method ?? "chi-square",
    effect: Number.isFinite(effect) ? effect : null,
    largest,
    lnBayesFactor: lnBayesFactor(observed, given, { concentrations: CONCENTRATIONS }),
  };
}

/** The least p-value that drawn results can have. */
const LEAST_DRAWN = 1 / (EXACT.draws + 1);

/**
 * The exact test. With three or more variations, far deviations are tested by each variation alone (binomial, two-sided,
 * Bonferroni), because drawing is slow, and no p-value below 1 in 100,000 can be drawn.
 */
function exactTest(observed: readonly number[], given: readonly number[]): ExactTest {
  const pValue = observed.length > 2 ? alonePValue(observed, given) : 1;
  return pValue < LEAST_DRAWN
    ? { pValue, method: "exact" }
    : multinomialTest(observed, given, EXACT);
}

/** The p-value of the variation that deviates most, corrected for their number. */
function alonePValue(observed: readonly number[], given: readonly number[]): number {
  const sum = given.reduce((all, share) => all + share, 0);
  const total = observed.reduce((all, count) => all + count, 0);
  const tails = observed.map((count, i) => {
    const share = (given[i] ?? 0) / sum;
    return Math.min(binomialLowerTail(count, total, share), binomialUpperTail(count, total, share));
  });
  return 2 * tails.length * Math.min(...tails);
}

/** Logarithm of how much more likely the counts are under their own shares than under the configured ones. */
export function lnLikelihoodRatio(counts: Counts, shares: Shares): number {
  const { given, observed } = tableOf(counts, shares);
  const sum = given.reduce((all, share) => all + share, 0);
  const total = totalOf(counts);
  return observed.reduce((ln, count, i) => {
    return count === 0 ? ln : ln + count * Math.log((count / total / (given[i] ?? 0)) * sum);
  }, 0);
}

/** The {@link SplitTest.lnBayesFactor} of {@link testSplit}, without running the other tests. */
export function lnEvidence(counts: Counts, shares: Shares): number {
  const { given, observed } = tableOf(counts, shares);
  return lnBayesFactor(observed, given, { concentrations: CONCENTRATIONS });
}

/** The logarithm of the mean of numbers that are given by their logarithms, which may be too large for `exp`. */
export function lnMean(logarithms: readonly number[]): number {
  const largest = Math.max(...logarithms);
  if (!Number.isFinite(largest)) return largest;
  const sum = logarithms.reduce((all, ln) => all + Math.exp(ln - largest), 0);
  return largest + Math.log(sum / logarithms.length);
}

function tableOf(
  counts: Counts,
  shares: Shares,
): {
  readonly names: readonly string[];
  readonly observed: readonly number[];
  readonly given: readonly number[];
} {
  const names = [...new Set([...shares.keys(), ...counts.keys()])];
  return {
    names,
    observed: names.map((name) => counts.get(name) ?? 0),
    given: names.map((name) => shares.get(name) ?? 0),
  };
}
