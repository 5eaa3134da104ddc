import { drawMultinomial } from "../sampling/draw-multinomial.js";
import { seededRandom } from "../sampling/seeded-random.js";
import { lnGamma } from "../special/ln-gamma.js";
import { experimentOf } from "./experiment.js";

/** Options of {@link multinomialTest}. */
export interface MultinomialTestOptions {
  /** The most results that are enumerated; where more are possible, results are drawn. Default: 100,000. */
  readonly maxResults?: number;
  /**
   * How many are drawn, which bounds the p-value: 1 / (draws + 1) at least. Default: 10,000, and fewer for more than 2,000
   * outcomes (200 for 100,000), so that a test takes seconds.
   */
  readonly draws?: number;
  /** Of the draws: the same seed gives the same p-value. Default: 1. */
  readonly seed?: number;
}

/** Result of {@link multinomialTest}. */
export interface MultinomialTest {
  /** How often chance gives a result that is as probable as this, or less. */
  readonly pValue: number;
  /** Whether all possible results were enumerated, or some were drawn. */
  readonly method: "exact" | "drawn";
}

/** Draws unless there are very many outcomes. */
const DRAWS = 10_000;
/** The default number of draws is such that this many binomial numbers are drawn at most. */
const MAX_BINOMIALS = 20_000_000;

/** What rounding may do to the logarithms of two results that are equally probable, relative to what they are sums of. */
const TIE = 1e-13;

/**
 * Exact test of goodness of fit, also for small counts: the probability of all results that are as probable as the observed
 * one or less (Read and Cressie, "Goodness-of-Fit Statistics for Discrete Multivariate Data", 1988). Where there
 * are too many results, the p-value of a Monte Carlo test: `(1 + results that are as extreme) / (1 + draws)` (Davison and
 * Hinkley, "Bootstrap Methods and their Application", 1997, section 4.2).
 *
 * @param counts - how often each outcome was observed.
 * @param shares - how often each is expected, in any unit.
 * @throws RangeError
 */
export function multinomialTest(
  counts: readonly number[],
  shares: readonly number[],
  { draws = drawsFor(counts.length), maxResults = 100_000, seed = 1 }: MultinomialTestOptions = {},
): MultinomialTest {
  const { counts: observed, isImpossible, probabilities, total } = experimentOf(counts, shares);
  if (isImpossible) return { pValue: 0, method: "exact" };
  const lnFactorial = lnFactorials();
  const lnTotal = lnFactorial(total);
  const logs = probabilities.map(Math.log);
  const lnTerm = (outcome: number, count: number): number =>
    count * (logs[outcome] ?? 0) - lnFactorial(count);
  // Counts of 0 add nothing, and would add rounding errors: of 100,000 outcomes most have none.
  const lnProbability = (of: readonly number[]): number =>
    of.reduce((sum, n, outcome) => (n === 0 ? sum : sum + lnTerm(outcome, n)), lnTotal);
  const limit = lnProbability(observed) + TIE * (1 + lnTotal);

  if (resultsOf(total, observed.length) <= maxResults) {
    const pValue = sumUpTo(limit, lnTotal, total, observed.length, lnTerm);
    return { pValue: Math.min(1, pValue), method: "exact" };
  }
  if (!Number.isSafeInteger(draws) || draws < 1) {
    throw new RangeError(`draws: expected a positive integer, received ${draws}`);
  }
  const random = seededRandom(seed);
  let extreme = 1;
  for (let i = 0; i < draws; i++) {
    if (lnProbability(drawMultinomial(random, total, probabilities)) <= limit) extreme += 1;
  }
  return { pValue: extreme / (draws + 1), method: "drawn" };
}

function drawsFor(outcomes: number): number {
  return Math.max(1, Math.min(DRAWS, Math.floor(MAX_BINOMIALS / outcomes)));
}

/** Logarithms of factorials. Each draw needs one for each outcome, most of them of the same small counts. */
function lnFactorials(): (count: number) => number {
  const known: number[] = [];
  return (count) => {
    if (count >= MAX_KNOWN) return lnGamma(count + 1);
    known[count] ??= lnGamma(count + 1);
    return known[count];
  };
}

/** Logarithms that are kept. */
const MAX_KNOWN = 1_000;

/** In how many ways a total divides among outcomes: `total + outcomes − 1` over `outcomes − 1`. */
function resultsOf(total: number, outcomes: number): number {
  let results = 1;
  for (let i = 1; i < outcomes; i++) results *= (total + i) / i;
  return results;
}

/** Sum of the probabilities, of all results, whose logarithm is at most `limit`. */
function sumUpTo(
  limit: number,
  lnTotal: number,
  total: number,
  outcomes: number,
  lnTerm: (outcome: number, count: number) => number,
): number {
  const exp = (ln: number): number => (ln <= limit ? Math.exp(ln) : 0);
  // Outcomes with a count of 0 add nothing. They are skipped, so that the recursion is as deep as the total is large.
  const visit = (from: number, left: number, ln: number): number => {
    if (left === 0) return exp(ln);
    let sum = 0;
    for (let outcome = from; outcome < outcomes - 1; outcome++) {
      for (let count = 1; count <= left; count++) {
        sum += visit(outcome + 1, left - count, ln + lnTerm(outcome, count));
      }
    }
    return sum + exp(ln + lnTerm(outcomes - 1, left));
  };
  return visit(0, total, lnTotal);
}
