import { drawMultinomial, lnGamma, type Random, seededRandom } from "@sortition/proof";
import { describe, expect, it } from "vitest";
import { PLAIN_EXPOSURE } from "../../src/events/exposure-row.js";
import { countedRow } from "../../src/srm/counted-row.js";
import type { Counts } from "../../src/srm/counts.js";
import { FirstExposures } from "../../src/srm/first-exposures.js";
import { LEVEL, type Shares, testSplit } from "../../src/srm/split-test.js";
import { type ExperimentVerdict, judgeExperiment } from "../../src/srm/verdict.js";
import { describeCorrectParts, describePeriods, describePlantedParts } from "./planted-parts.js";
import { typeOneError } from "./type-one-error.js";

const EXPERIMENTS = 1_000;
/** Number of experiments whose parts are tested. */
const CORRECT = Number(process.env["SRM_CORRECT"] ?? 2_000);
/** Number of experiments for each planted fault. */
const PLANTED = Number(process.env["SRM_PLANTED"] ?? 60);
/** Number of experiments with three or more variations, for each split and number of subjects. */
const SPLIT = Number(process.env["SRM_SPLIT"] ?? 100_000);

describePlantedParts(PLANTED);
describePeriods(PLANTED);
describeCorrectParts(CORRECT);

const START_MS = Date.parse("2026-02-01T00:00:00Z");
const DAY_MS = 86_400_000;
const COMMON = {
  ...PLAIN_EXPOSURE,
  flag: "checkout",
  allocation: "split",
  experiment: null,
  attributes: { plan: "free" },
};

function judge(configuredShare: number, share: number, subjects: number, seed: number) {
  const random = seededRandom(seed);
  const firsts = new FirstExposures(["plan"]);
  for (let i = 0; i < subjects; i++) {
    const variation = random() < share ? "a" : "b";
    const timeMs = START_MS + (i % 10) * DAY_MS;
    const row = countedRow(
      { ...COMMON, subject: `user-${i}`, variation, timeMs },
      ["plan"],
      (name) => ({ name: { ...name, problem: null }, unit: null, period: 0 }),
    );
    if (row !== null) firsts.add(row);
  }
  const [experiment] = firsts.experiments;
  const place = {
    flag: "checkout",
    allocation: "split",
    keyOf: (name: string) => name,
  };
  const configured = {
    ...place,
    shares: sharesOf(configuredShare),
    problem: null,
    variations: null,
    source: null,
  };
  const stratum = { ...(experiment as NonNullable<typeof experiment>), configured, period: null };
  return judgeExperiment([stratum], {
    ...{ publishedAtMs: null, attributes: ["plan"], isAlwaysValid: false, noVariation: null },
  });
}

function sharesOf(a: number): ReadonlyMap<string, number> {
  return new Map([
    ["a", a],
    ["b", 1 - a],
  ]);
}

/** Draws how many of the subjects get `a`. */
function drawn(subjects: number, share: number, random: Random): number {
  let count = 0;
  for (let i = 0; i < subjects; i++) if (random() < share) count += 1;
  return count;
}

function mismatches(verdicts: readonly ExperimentVerdict[]): number {
  return verdicts.filter(({ verdict }) => verdict === "mismatch").length;
}

describe("an experiment with two variations", () => {
  it.each([0.01, 0.05, 0.1, 0.5])(
    "that is split as configured, %d to one of them, is a mismatch at most once in 1,000 times for any size",
    (share) => {
      let largest = { n: 0, error: 0 };
      for (let n = 1; n <= 2_000; n++) {
        const error = typeOneError(n, share);
        if (error > largest.error) largest = { n, error };
      }
      console.log(`share ${share}: at most ${largest.error}, of ${largest.n} subjects`);
      expect(largest.error).toBeLessThanOrEqual(LEVEL);
    },
  );
});

describe("an experiment with three or more variations", () => {
  it.each([
    // The exact test, by enumeration or by drawing.
    { weights: [96, 1, 1, 1, 1], subjects: 1_000 },
    { weights: [96, 1, 1, 1, 1], subjects: 5_000 },
    { weights: [98, 1, 1], subjects: 1_000 },
    { weights: [98, 1, 1], subjects: 5_000 },
    { weights: [90, 5, 5], subjects: 500 },
    { weights: [1, 1, 1], subjects: 100 },
    { weights: [1, 1, 1, 1, 1], subjects: 100 },
    // Pearson's test, with as few expected subjects as it is used for.
    { weights: [96, 1, 1, 1, 1], subjects: 15_000 },
    { weights: [98, 1, 1], subjects: 15_000 },
    { weights: [90, 5, 5], subjects: 3_000 },
    { weights: [1, 1, 1], subjects: 1_000 },
    { weights: [1, 1, 1, 1, 1], subjects: 1_000 },
  ])(
    "split as configured, $weights of $subjects subjects, is a mismatch at most 1.2 times in 1,000",
    { timeout: 3_600_000 },
    ({ subjects, weights }) => {
      const random = seededRandom(1);
      const sum = weights.reduce((all, weight) => all + weight, 0);
      const shares = new Map(weights.map((weight, i) => [`v${i}`, weight / sum]));
      const isMismatch = mismatchTest(shares);
      let found = 0;
      for (let i = 0; i < SPLIT; i++) {
        const drawnCounts = drawMultinomial(random, subjects, [...shares.values()]);
        if (isMismatch(new Map(drawnCounts.map((count, at) => [`v${at}`, count])))) found += 1;
      }
      const rate = (1_000 * found) / SPLIT;
      console.log(`${weights.join(":")}, ${subjects} subjects: ${rate.toFixed(2)} of 1,000`);
      // Three standard deviations of a sample above 1 in 1,000, where this is more.
      expect(rate).toBeLessThanOrEqual(Math.max(1.2, 1 + 3 * Math.sqrt(1_000 / SPLIT)));
    },
  );
});

/**
 * Returns a function that tests counts of the same number of subjects. The p-value of the exact test is the probability of all
 * results that are at most as probable, so it need not draw or enumerate them again for counts that are less probable than a
 * known mismatch, or more probable than counts that are none.
 */
function mismatchTest(shares: Shares): (counts: Counts) => boolean {
  let lnOfMismatch = Number.NEGATIVE_INFINITY;
  let lnOfNone = Number.POSITIVE_INFINITY;
  return (counts) => {
    let ln = 0;
    for (const [name, n] of counts) ln += n * Math.log(shares.get(name) ?? 0) - lnGamma(n + 1);
    if (ln <= lnOfMismatch || ln >= lnOfNone) return ln <= lnOfMismatch;
    const { method, pValue } = testSplit(counts, shares);
    const isMismatch = pValue < LEVEL;
    if (method === "chi-square") return isMismatch;
    if (isMismatch) lnOfMismatch = ln;
    else lnOfNone = ln;
    return isMismatch;
  };
}

describe("simulated experiments", () => {
  it("that are split as configured have at most 3 mismatches in 1,000", () => {
    const verdicts = Array.from({ length: EXPERIMENTS }, (_, i) => {
      const share = [0.5, 0.95, 0.3][i % 3] ?? 0.5;
      return judge(share, share, 1_000, i + 1);
    });
    expect(mismatches(verdicts)).toBeLessThanOrEqual(3);
  });

  // At 50:50 the power of any test at the level 0.001 is 88%, because a point is 4.5 standard deviations and the
  // threshold is 3.3.
  it.each([
    { configured: 0.9, atLeast: 0.99 },
    { configured: 0.95, atLeast: 0.99 },
    { configured: 0.5, atLeast: 0.85 },
  ])(
    "configured as $configured and off by one point are detected with 50,000 subjects",
    ({ atLeast, configured }) => {
      const random = seededRandom(21);
      const shares = sharesOf(configured);
      let found = 0;
      for (let i = 0; i < EXPERIMENTS; i++) {
        const a = drawn(50_000, configured - 0.01, random);
        const counts = new Map([
          ["a", a],
          ["b", 50_000 - a],
        ]);
        if (testSplit(counts, shares).pValue < LEVEL) found += 1;
      }
      expect(found / EXPERIMENTS).toBeGreaterThanOrEqual(atLeast);
      // These experiments go the whole way from exposures to a verdict.
      const verdicts = [1, 2, 3].map((seed) => judge(configured, configured - 0.02, 50_000, seed));
      expect(mismatches(verdicts)).toBe(3);
    },
  );
});
