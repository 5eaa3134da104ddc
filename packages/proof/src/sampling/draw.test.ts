import { describe, expect, it } from "vitest";
import { chiSquareTest } from "../inference/chi-square-test.js";
import { lnFactorials } from "../special/ln-factorials.js";
import { lnGamma } from "../special/ln-gamma.js";
import { drawBinomial } from "./draw-binomial.js";
import { drawHypergeometric } from "./draw-hypergeometric.js";
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
    // Each count that is expected at least 20 times is a class of its own. All others form one class.
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

describe("drawHypergeometric", () => {
  it.each([
    { red: 5, blue: 7, draws: 6 },
    { red: 3, blue: 900, draws: 400 },
    { red: 900, blue: 3, draws: 600 },
    { red: 40_000, blue: 160_000, draws: 2_000 },
  ])("follows the distribution of $draws balls of $red red and $blue blue ones", (urn) => {
    const { blue, draws, red } = urn;
    const random = seededRandom(20_261_125);
    const lnFactorial = lnFactorials();
    const counts = new Map<number, number>();
    for (let i = 0; i < DRAWS; i++) {
      const k = drawHypergeometric(random, urn, lnFactorial);
      counts.set(k, (counts.get(k) ?? 0) + 1);
    }
    const lnChoose = (n: number, k: number): number =>
      lnGamma(n + 1) - lnGamma(k + 1) - lnGamma(n - k + 1);
    const probability = (k: number): number =>
      Math.exp(lnChoose(red, k) + lnChoose(blue, draws - k) - lnChoose(red + blue, draws));
    const possible = [...counts.keys()].filter((k) => DRAWS * probability(k) >= 10);
    const shares = possible.map(probability);
    const rest = 1 - shares.reduce((sum, share) => sum + share, 0);
    const observed = possible.map((k) => counts.get(k) ?? 0);
    const others = DRAWS - observed.reduce((sum, n) => sum + n, 0);
    const test =
      rest * DRAWS < 1
        ? chiSquareTest(observed, shares)
        : chiSquareTest([...observed, others], [...shares, rest]);
    expect(test.pValue).toBeGreaterThan(0.001);
  });

  it.each([
    { red: 0, blue: 5, draws: 3, k: 0 },
    { red: 5, blue: 0, draws: 3, k: 3 },
    { red: 5, blue: 2, draws: 7, k: 5 },
    { red: 5, blue: 2, draws: 0, k: 0 },
  ])("draws $k red balls of $red red and $blue blue ones", ({ k, ...urn }) => {
    expect(drawHypergeometric(seededRandom(1), urn, lnFactorials())).toBe(k);
  });
});

describe("drawMultinomial", () => {
  it("divides all trials according to the probabilities", () => {
    const random = seededRandom(5);
    const probabilities = [0.2, 0.5, 0, 0.3];
    const counts = drawMultinomial(random, 1_000_000, probabilities);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1_000_000);
    expect(counts[2]).toBe(0);
    expect(chiSquareTest(counts, probabilities).pValue).toBeGreaterThan(0.001);
  });
});
