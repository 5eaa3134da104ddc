import { describe, expect, it } from "vitest";
import {
  alwaysValidPValue,
  binomialLowerTail,
  binomialUpperTail,
  chiSquareTest,
  drawMultinomial,
  seededRandom,
} from "../src/index.js";

const EXPERIMENTS = 20_000;
const ALPHA = 0.001;

/** The experiments have no effect, so every rejection is due to chance. */
describe("experiments with the expected shares", () => {
  it.each([
    { shares: [0.5, 0.5], subjects: 10_000 },
    { shares: [0.2, 0.3, 0.5], subjects: 50_000 },
    { shares: [0.9, 0.05, 0.03, 0.02], subjects: 1_000_000 },
  ])("with $subjects subjects and the shares $shares are rejected at the nominal rate", (it) => {
    const random = seededRandom(20_261_122);
    let rejected = 0;
    for (let i = 0; i < EXPERIMENTS; i++) {
      const counts = drawMultinomial(random, it.subjects, it.shares);
      if (chiSquareTest(counts, it.shares).pValue <= ALPHA) rejected += 1;
    }
    console.log(`chi-square, ${it.shares}: ${rejected} of ${EXPERIMENTS} rejected at ${ALPHA}`);
    // The interval contains 99.9% of binomial counts.
    expect(binomialLowerTail(rejected, EXPERIMENTS, ALPHA)).toBeGreaterThan(0.0005);
    expect(binomialUpperTail(rejected, EXPERIMENTS, ALPHA)).toBeGreaterThan(0.0005);
  });

  it("are rejected too often by sixty daily chi-square tests, but not by always-valid p-values", () => {
    const shares = [0.5, 0.5];
    const random = seededRandom(20_261_123);
    const rejected = { naive: 0, alwaysValid: 0 };
    for (let i = 0; i < EXPERIMENTS; i++) {
      const counts = [0, 0];
      let [isNaive, isAlwaysValid] = [false, false];
      for (let day = 0; day < 60; day++) {
        const [a = 0, b = 0] = drawMultinomial(random, 2_000, shares);
        counts[0] = (counts[0] ?? 0) + a;
        counts[1] = (counts[1] ?? 0) + b;
        isNaive ||= chiSquareTest(counts, shares).pValue <= ALPHA;
        isAlwaysValid ||= alwaysValidPValue(counts, shares) <= ALPHA;
      }
      if (isNaive) rejected.naive += 1;
      if (isAlwaysValid) rejected.alwaysValid += 1;
    }
    console.log(`60 checks, rejected of ${EXPERIMENTS} at ${ALPHA}: ${JSON.stringify(rejected)}`);
    expect(rejected.alwaysValid / EXPERIMENTS).toBeLessThanOrEqual(ALPHA);
    expect(rejected.naive / EXPERIMENTS).toBeGreaterThan(5 * ALPHA);
  });
});
