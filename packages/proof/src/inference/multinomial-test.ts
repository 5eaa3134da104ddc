import { drawMultinomial } from "../sampling/draw-multinomial.js";
import { seededRandom } from "../sampling/seeded-random.js";
import { lnFactorials } from "../special/ln-factorials.js";
import { checkDraws, type ExactTest, type ExactTestOptions, TIE } from "./exact-test.js";
import { experimentOf } from "./experiment.js";

/** Default number of draws. It is smaller if there are very many outcomes. */
const DRAWS = 10_000;
/** Maximum number of binomial numbers to draw by default. It limits the number of draws. */
const MAX_BINOMIALS = 20_000_000;

/**
 * Exact test of goodness of fit, also for small counts. The p-value is the probability of a result that is at most as probable
 * as the observed one (Read and Cressie, "Goodness-of-Fit Statistics for Discrete Multivariate Data", 1988). If there are too
 * many results, it is estimated by Monte Carlo: `(1 + draws that are at least as extreme) / (1 + draws)` (Davison and Hinkley,
 * "Bootstrap Methods and their Application", 1997, section 4.2).
 *
 * @param counts - observed count of each outcome.
 * @param shares - expected share of each outcome, in any unit.
 * @throws RangeError
 */
export function multinomialTest(
  counts: readonly number[],
  shares: readonly number[],
  { draws = drawsFor(counts.length), maxResults = 100_000, seed = 1 }: ExactTestOptions = {},
): ExactTest {
  const { counts: observed, isImpossible, probabilities, total } = experimentOf(counts, shares);
  if (isImpossible) return { pValue: 0, method: "exact" };
  const lnFactorial = lnFactorials();
  const lnTotal = lnFactorial(total);
  const logs = probabilities.map(Math.log);
  const lnTerm = (outcome: number, count: number): number =>
    count * (logs[outcome] ?? 0) - lnFactorial(count);
  // Skipping counts of 0 avoids rounding errors: most of 100,000 outcomes have none.
  const lnProbability = (of: readonly number[]): number =>
    of.reduce((sum, n, outcome) => (n === 0 ? sum : sum + lnTerm(outcome, n)), lnTotal);
  const limit = lnProbability(observed) + TIE * (1 + lnTotal);

  if (resultsOf(total, observed.length) <= maxResults) {
    const pValue = sumUpTo(limit, total, probabilities, lnTotal, lnTerm);
    return { pValue: Math.min(1, pValue), method: "exact" };
  }
  checkDraws(draws);
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

/** Number of ways to divide a total among outcomes: `total + outcomes − 1` over `outcomes − 1`. */
function resultsOf(total: number, outcomes: number): number {
  let results = 1;
  for (let i = 1; i < outcomes; i++) results *= (total + i) / i;
  return results;
}

/** Adds up the probabilities of all results whose logarithm is at most `limit`. */
function sumUpTo(
  limit: number,
  total: number,
  probabilities: readonly number[],
  lnTotal: number,
  lnTerm: (outcome: number, count: number) => number,
): number {
  const outcomes = probabilities.length;
  if (outcomes === 1) return 1;
  const [a, b] = [outcomes - 2, outcomes - 1];
  const odds = (probabilities[a] ?? 0) / (probabilities[b] ?? 0);
  // The last two outcomes divide what the others leave. Only the tails of their probabilities, which have one peak, count.
  const sumOfTails = (left: number, ln: number): number => {
    const lnAt = (count: number): number => ln + lnTerm(a, count) + lnTerm(b, left - count);
    const isCounted = (count: number): boolean => lnAt(count) <= limit;
    const mode = Math.min(left, Math.floor(((left + 1) * odds) / (1 + odds)));
    const low = firstThat((count) => !isCounted(count), 0, mode + 1) - 1;
    const high = firstThat(isCounted, mode + 1, left + 1);
    const below = low < 0 ? 0 : Math.exp(lnAt(low));
    const above = high > left ? 0 : Math.exp(lnAt(high));
    return (
      sumOfSeries(below, low, (i) => (low - i) / (left - low + i + 1) / odds) +
      sumOfSeries(above, left - high, (i) => ((left - high - i) / (high + i + 1)) * odds)
    );
  };
  // Outcomes with a count of 0 are skipped, so that the recursion is no deeper than the total.
  const visit = (from: number, left: number, ln: number): number => {
    if (left === 0) return ln <= limit ? Math.exp(ln) : 0;
    let sum = sumOfTails(left, ln);
    for (let outcome = from; outcome < a; outcome++) {
      for (let count = 1; count <= left; count++) {
        sum += visit(outcome + 1, left - count, ln + lnTerm(outcome, count));
      }
    }
    return sum;
  };
  return visit(0, total, lnTotal);
}

/** The first integer from `from` on that meets a condition, which all that follow meet too; `end` if none before it does. */
function firstThat(isMet: (n: number) => boolean, from: number, end: number): number {
  let [low, high] = [from, end];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isMet(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Adds up falling numbers, each of which is the one before it times a ratio, until they no longer change the sum.
 *
 * @param ratios - how many follow the first number.
 */
function sumOfSeries(first: number, ratios: number, ratioAt: (i: number) => number): number {
  let [sum, term] = [0, first];
  for (let i = 0; i <= ratios && sum + term !== sum; i++) {
    sum += term;
    term *= ratioAt(i);
  }
  return sum;
}
