import { describe, expect, it } from "vitest";
import { chiSquareTest } from "../inference/chi-square-test.js";
import { lnGamma } from "../special/ln-gamma.js";
import { drawBinomial } from "./draw-binomial.js";
import { drawMultinomial } from "./draw-multinomial.js";
import { seededRandom } from "./seeded-random.js";

const DRAWS = 20_000;

function binomialProbability(k: number, n: number, p: number): number {
  const ln = lnGamma(n + 1) - lnGamma(k + 1) - lnGamma(n - k + 1);
  return Math.exp(ln + k * Math.log(p) + (n - k) * Math.log1p(-p));
}

describe("drawBinomial", () => {
  it.each([
    { n: 5, p: 0.3 },
    { n: 40, p: 0.9 },
    { n: 1_000, p: 0.004 },
    { n: 60, p: 0.5 },
    { n: 1_000, p: 0.3 },
    { n: 200_000, p: 0.0002 },
  ])("follows the distribution of $n trials at $p", ({ n, p }) => {
    const random = seededRandom(20_261_122);
    const drawn = new Map<number, number>();
    for (let i = 0; i < DRAWS; i++) {
      const k = drawBinomial(random, n, p);
      drawn.set(k, (drawn.get(k) ?? 0) + 1);
    }
    // Counts that are expected 20 times or more each, and all others together.
    const mean = n * p;
    const reach = Math.ceil(6 * Math.sqrt(mean * (1 - p))) + 1;
    const from = Math.max(0, Math.floor(mean) - reach);
    const all = Array.from({ length: 2 * reach + 1 }, (_, i) => from + i).filter((k) => k <= n);
    const usual = all.filter((k) => DRAWS * binomialProbability(k, n, p) >= 20);
    const shares = usual.map((k) => binomialProbability(k, n, p));
    const counts = usual.map((k) => drawn.get(k) ?? 0);
    const sumOf = (of: readonly number[]): number => of.reduce((sum, x) => sum + x, 0);
    const rest = Math.max(0, 1 - sumOf(shares));
    const hasRest = rest * DRAWS >= 5;
    const test = hasRest
      ? chiSquareTest([...counts, DRAWS - sumOf(counts)], [...shares, rest])
      : chiSquareTest(counts, shares);
    expect(test.pValue).toBeGreaterThan(0.001);
  });

  it.each([
    { n: 0, p: 0.5, k: 0 },
    { n: 10, p: 0, k: 0 },
    { n: 10, p: 1, k: 10 },
  ])("draws $k of $n trials at $p", ({ k, n, p }) => {
    expect(drawBinomial(seededRandom(1), n, p)).toBe(k);
  });
});

describe("drawMultinomial", () => {
  it("divides all trials by the probabilities", () => {
    const random = seededRandom(5);
    const probabilities = [0.2, 0.5, 0, 0.3];
    const counts = drawMultinomial(random, 1_000_000, probabilities);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1_000_000);
    expect(counts[2]).toBe(0);
    expect(chiSquareTest(counts, probabilities).pValue).toBeGreaterThan(0.001);
  });
});
