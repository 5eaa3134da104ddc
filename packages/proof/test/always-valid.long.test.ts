import { describe, expect, it } from "vitest";
import { alwaysValidPValue, drawMultinomial, lnBayesFactor, seededRandom } from "../src/index.js";

/** Mixtures of concentrations. The second one is the default. */
const MIXTURES: readonly (readonly number[])[] = [
  [10_000],
  [2, 100, 10_000],
  [2, 20, 200, 2_000, 20_000],
];
const DEFAULT = 1;

const ALPHA = 0.001;
const EXPERIMENTS = 500;
const MOST_SUBJECTS = 200_000;

/** How much one variation gets above its equal share. The others share the rest equally. */
const EXCESSES = [1, 0.1, 0.05, 0.02, 0.01];

function sharesWith(excess: number, arms: number): readonly number[] {
  const first = Math.min(1, 1 / arms + excess);
  return Array.from({ length: arms }, (_, i) => (i === 0 ? first : (1 - first) / (arms - 1)));
}

/** The number of subjects after which each mixture reports a mismatch in half of the experiments, testing after each subject. */
function mediansOf(arms: number, excess: number): readonly number[] {
  const random = seededRandom(1_000 * arms + 100 * excess);
  const shares = sharesWith(excess, arms);
  const concentrations = [...new Set(MIXTURES.flat())];
  const weights = MIXTURES.map((mixture) =>
    concentrations.map((it) => (mixture.includes(it) ? 1 / mixture.length : 0)),
  );
  const found = MIXTURES.map((): number[] => []);
  for (let i = 0; i < EXPERIMENTS; i++) {
    const counts = shares.map(() => 0);
    const factors = concentrations.map(() => 1);
    const open = new Set(MIXTURES.keys());
    for (let n = 0; n < MOST_SUBJECTS && open.size > 0; n++) {
      let [arm, rest] = [0, random()];
      while (arm < arms - 1 && rest >= (shares[arm] ?? 0)) rest -= shares[arm++] ?? 0;
      // The next subject multiplies the Bayes factor by its predictive probability over the expected one.
      concentrations.forEach((c, j) => {
        factors[j] = ((factors[j] ?? 0) * (c + arms * (counts[arm] ?? 0))) / (c + n);
      });
      counts[arm] = (counts[arm] ?? 0) + 1;
      for (const mixture of open) {
        const mean = factors.reduce((all, it, j) => all + it * (weights[mixture]?.[j] ?? 0), 0);
        if (mean < 1 / ALPHA) continue;
        open.delete(mixture);
        found[mixture]?.push(n + 1);
      }
    }
    for (const mixture of open) found[mixture]?.push(Number.POSITIVE_INFINITY);
  }
  return found.map((all) => all.sort((a, b) => a - b)[EXPERIMENTS / 2] ?? Number.NaN);
}

describe("the always-valid test", () => {
  it.each([2, 3, 4, 5])(
    "of %i variations finds large deviations among few subjects, and small ones no later than one concentration by half",
    { timeout: 3_600_000 },
    (arms) => {
      for (const excess of EXCESSES) {
        const medians = mediansOf(arms, excess);
        console.log(`${arms} variations, +${100 * excess} points: ${medians.join(" | ")}`);
        const [one = 0, chosen = 0] = medians;
        expect(chosen).toBeLessThanOrEqual(1.5 * one);
        if (excess === 1) expect(chosen).toBeLessThanOrEqual(20);
      }
    },
  );

  it.each([2, 3, 4, 5])(
    "of %i variations rejects correct experiments at most at its level, with 60 checks",
    { timeout: 3_600_000 },
    (arms) => {
      const random = seededRandom(20_261_126 + arms);
      const shares = Array.from({ length: arms }, () => 1 / arms);
      const rejected = MIXTURES.map(() => 0);
      const experiments = 20_000;
      for (let i = 0; i < experiments; i++) {
        const counts = shares.map(() => 0);
        const least = MIXTURES.map(() => 1);
        for (let day = 0; day < 60; day++) {
          drawMultinomial(random, 500, shares).forEach((n, arm) => {
            counts[arm] = (counts[arm] ?? 0) + n;
          });
          MIXTURES.forEach((concentrations, j) => {
            const pValue = alwaysValidPValue(counts, shares, { concentrations });
            least[j] = Math.min(least[j] ?? 1, pValue);
          });
        }
        least.forEach((pValue, j) => {
          if (pValue <= ALPHA) rejected[j] = (rejected[j] ?? 0) + 1;
        });
      }
      console.log(`${arms} variations, rejected of ${experiments}: ${rejected.join(" | ")}`);
      expect(rejected[DEFAULT]).toBeLessThanOrEqual(ALPHA * experiments);
    },
  );

  it("uses the second mixture of this simulation by default", () => {
    const counts = [700, 500];
    const concentrations = MIXTURES[DEFAULT] ?? [];
    expect(lnBayesFactor(counts, [1, 1])).toBe(lnBayesFactor(counts, [1, 1], { concentrations }));
  });
});
