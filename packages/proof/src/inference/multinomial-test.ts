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
    const pValue = sumUpTo(limit, lnTotal, total, observed.length, lnTerm);
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
  lnTotal: number,
  total: number,
  outcomes: number,
  lnTerm: (outcome: number, count: number) => number,
): number {
  const exp = (ln: number): number => (ln <= limit ? Math.exp(ln) : 0);
  // Outcomes with a count of 0 are skipped, so that the recursion is no deeper than the total.
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
