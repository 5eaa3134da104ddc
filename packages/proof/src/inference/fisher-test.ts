import { drawHypergeometric } from "../sampling/draw-hypergeometric.js";
import { seededRandom } from "../sampling/seeded-random.js";
import { lnFactorials } from "../special/ln-factorials.js";
import { checkDraws, type ExactTest, type ExactTestOptions, TIE } from "./exact-test.js";
import { twoGroupsOf } from "./two-groups.js";

/** Default number of draws, as for `multinomialTest`. */
const DRAWS = 10_000;
const MAX_HYPERGEOMETRICS = 20_000_000;

/**
 * Fisher's exact test of whether two groups have the same distribution of outcomes, also for small counts and more than two
 * outcomes. The p-value is the probability that a random division of the counts into groups of these sizes is at most as
 * probable as the observed one (Freeman and Halton, "Note on an Exact Treatment of Contingency, Goodness of Fit and Other
 * Problems of Significance", 1951). If there are too many divisions, it is estimated by Monte Carlo, as in `multinomialTest`.
 *
 * @param first - observed count of each outcome in the first group.
 * @param second - the same for the second group. No subject is in both.
 * @throws RangeError
 */
export function fisherTest(
  first: readonly number[],
  second: readonly number[],
  { draws = drawsFor(first.length), maxResults = 100_000, seed = 1 }: ExactTestOptions = {},
): ExactTest {
  const groups = twoGroupsOf(first, second);
  const isFirstSmaller = groups.firstTotal <= groups.secondTotal;
  const observed = isFirstSmaller ? groups.first : groups.second;
  const size = Math.min(groups.firstTotal, groups.secondTotal);
  const total = groups.firstTotal + groups.secondTotal;
  const { both } = groups;
  if (size === 0 || both.length === 1) return { pValue: 1, method: "exact" };

  const lnFactorial = lnFactorials();
  const lnChoose = (n: number, k: number): number =>
    lnFactorial(n) - lnFactorial(k) - lnFactorial(n - k);
  const lnAll = lnChoose(total, size);
  const lnProbability = (group: readonly number[]): number =>
    group.reduce((sum, count, i) => sum + lnChoose(both[i] ?? 0, count), -lnAll);
  const limit = lnProbability(observed) + TIE * (1 + lnFactorial(total));

  if (resultsOf(both, size) <= maxResults) {
    const pValue = sumUpTo(limit, { both, size, lnChoose, lnAll });
    return { pValue: Math.min(1, pValue), method: "exact" };
  }
  checkDraws(draws);
  const random = seededRandom(seed);
  let extreme = 1;
  for (let i = 0; i < draws; i++) {
    let blue = total;
    let left = size;
    const drawn = both.map((red) => {
      blue -= red;
      const count = drawHypergeometric(random, { red, blue, draws: left }, lnFactorial);
      left -= count;
      return count;
    });
    if (lnProbability(drawn) <= limit) extreme += 1;
  }
  return { pValue: extreme / (draws + 1), method: "drawn" };
}

function drawsFor(outcomes: number): number {
  return Math.max(1, Math.min(DRAWS, Math.floor(MAX_HYPERGEOMETRICS / outcomes)));
}

/** Upper bound of the number of groups of a size. The counts of all other outcomes determine that of the largest outcome. */
function resultsOf(both: readonly number[], size: number): number {
  const choices = both.map((count) => Math.min(count, size) + 1);
  return choices.reduce((product, n) => product * n, 1) / Math.max(...choices);
}

interface Divisions {
  readonly both: readonly number[];
  readonly size: number;
  readonly lnChoose: (n: number, k: number) => number;
  readonly lnAll: number;
}

/** Adds up the probabilities of all groups whose logarithm is at most `limit`. */
function sumUpTo(limit: number, { both, lnAll, lnChoose, size }: Divisions): number {
  // The largest outcome comes last, so that fewest groups are tried.
  const outcomes = [...both].sort((a, b) => a - b);
  const last = outcomes.length - 1;
  const largest = outcomes[last] ?? 0;
  const visit = (outcome: number, left: number, ln: number): number => {
    if (outcome === last) {
      if (left > largest) return 0;
      const all = ln + lnChoose(largest, left);
      return all <= limit ? Math.exp(all) : 0;
    }
    const count = outcomes[outcome] ?? 0;
    let sum = 0;
    for (let k = 0; k <= Math.min(count, left); k++) {
      sum += visit(outcome + 1, left - k, ln + lnChoose(count, k));
    }
    return sum;
  };
  return visit(0, size, -lnAll);
}
