import { describe, expect, it } from "vitest";
import { LEVEL, testSplit } from "../../src/srm/split-test.js";
import { typeOneError } from "./type-one-error.js";

function countsOf(...counts: readonly number[]): ReadonlyMap<string, number> {
  return new Map(counts.map((count, i) => [`v${i}`, count]));
}

describe("testSplit", () => {
  // Pearson's test would report a mismatch 3.6 times too often for 539 subjects at 1%, and 1.3 times too often for
  // 113 at 50%.
  it.each([0.01, 0.05, 0.1, 0.5])(
    "finds a mismatch in at most 1 of 1,000 experiments if a variation has the share %d",
    (share) => {
      for (const n of [11, 25, 50, 100, 113, 539, 1_000]) {
        expect(typeOneError(n, share)).toBeLessThanOrEqual(LEVEL);
      }
    },
  );

  it("rejects at most 1.2 of 1,000 correct experiments with a tiny share", () => {
    for (const expected of [60, 90, 149, 150, 153, 170, 200]) {
      for (const share of [0.001, 0.005]) {
        const n = Math.round(expected / share);
        expect(typeOneError(n, share)).toBeLessThanOrEqual(1.2 * LEVEL);
      }
    }
  });

  it.each([
    { counts: [10_000, 10_000], method: "exact", because: "20,000 subjects are within the limit" },
    { counts: [10_000, 10_001], method: "chi-square", because: "20,001 subjects exceed the limit" },
    {
      counts: [300, 300, 300],
      method: "chi-square",
      because: "each variation has enough subjects",
    },
  ])("uses $method for $counts because $because", ({ counts, method }) => {
    const shares = countsOf(...counts.map(() => 1));
    expect(testSplit(countsOf(...counts), shares).method).toBe(method);
  });

  it("is exact for three variations only if Pearson's test is close to a mismatch", () => {
    const shares = countsOf(98, 1, 1);
    const far = testSplit(countsOf(198, 1, 1), shares);
    expect(far).toMatchObject({ method: "chi-square" });
    expect(far.pValue).toBeGreaterThan(0.05);
    const near = testSplit(countsOf(190, 9, 1), shares);
    expect(near).toMatchObject({ method: "exact" });
  });

  it.each([
    { counts: [29_940, 60], weights: [999, 1], method: "exact", because: "30 of two are expected" },
    { counts: [20_000, 140], weights: [999, 9], method: "chi-square", because: "180 are expected" },
  ])("uses $method for $counts because $because", ({ counts, method, weights }) => {
    expect(testSplit(countsOf(...counts), countsOf(...weights)).method).toBe(method);
  });

  it("has p-values of three variations that cannot be drawn", () => {
    const { method, pValue } = testSplit(countsOf(0, 300, 300), countsOf(1, 10, 10));
    // 2 · 3 · (20/21)⁶⁰⁰
    expect({ method, pValue }).toEqual({
      method: "exact",
      pValue: expect.closeTo(6 * (20 / 21) ** 600, 18),
    });
  });

  it("has no effect size if a variation has subjects but no share", () => {
    const { effect, pValue } = testSplit(countsOf(500, 1), countsOf(1, 0));
    expect({ effect, pValue }).toEqual({ effect: null, pValue: 0 });
  });
});
