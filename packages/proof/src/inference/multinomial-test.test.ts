import { ifWhole } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { multinomialTest } from "./multinomial-test.js";

describe("multinomialTest", () => {
  it("draws results if too many are possible, and comes close to an enumeration", () => {
    const counts = [500, 520, 480];
    const drawn = multinomialTest(counts, [1, 1, 1]);
    const exact = multinomialTest(counts, [1, 1, 1], { maxResults: 2_000_000 });
    expect([drawn.method, exact.method]).toEqual(["drawn", "exact"]);
    // The standard error of 10,000 draws is 0.005.
    expect(Math.abs(drawn.pValue - exact.pValue)).toBeLessThan(0.02);
  });

  it("returns the same p-value for the same seed, and a different one for another seed", () => {
    const pValueOf = (seed: number): number =>
      multinomialTest([50, 60, 70, 80], [1, 1, 1, 1], { seed, draws: 2_000 }).pValue;
    expect(pValueOf(7)).toBe(pValueOf(7));
    expect(new Set([1, 2, 3, 4].map(pValueOf)).size).toBeGreaterThan(1);
  });

  it("never returns 0 by drawing", () => {
    const options = { draws: 99, maxResults: 1 };
    expect(multinomialTest([1_000, 0], [1, 1], options)).toEqual({ pValue: 0.01, method: "drawn" });
  });

  it("is exact in the far tail, below the rounding error of a sum of all probabilities", () => {
    // Both ends: 2 / 2¹⁰⁰.
    const { pValue } = multinomialTest([100, 0], [1, 1]);
    expect(Math.abs(pValue / 2 ** -99 - 1)).toBeLessThan(1e-12);
  });

  it.each([
    { counts: [3, 1], shares: [1, 0], pValue: 0, because: "the result is impossible" },
    { counts: [3, 0], shares: [1, 0], pValue: 1, because: "no other result is possible" },
    { counts: [0, 0], shares: [1, 1], pValue: 1, because: "nothing was counted" },
    { counts: [5, 5], shares: [1, 1], pValue: 1, because: "no result is more probable" },
  ])(
    "returns $pValue for $counts with the shares $shares, because $because",
    ({ counts, pValue, shares }) => {
      expect(multinomialTest(counts, shares).pValue).toBeCloseTo(pValue, 13);
    },
  );

  it.each([0, 1.5, Number.NaN])("rejects %s draws", (draws) => {
    expect(() => multinomialTest([1, 2], [1, 1], { draws, maxResults: 1 })).toThrow(
      new RangeError(`draws: expected a positive integer, received ${draws}`),
    );
  });

  it.each([
    { name: "no subjects", total: 0, method: "exact", low: 1, high: 1 },
    { name: "one subject", total: 1, method: "exact", low: 1, high: 1 },
    { name: "two subjects with different outcomes", total: 2, method: "drawn", low: 1, high: 1 },
    { name: "ten subjects of each outcome", total: 1_000_000, method: "drawn", low: 0.9, high: 1 },
  ])("returns a result for 100,000 outcomes and $name", ({ high, low, method, total }) => {
    const outcomes = 100_000;
    const counts = Array.from({ length: outcomes }, (_, i) =>
      total < outcomes ? Number(i < total) : total / outcomes,
    );
    const options = total > 2 ? { draws: 5 } : { draws: 50 };
    const test = multinomialTest(counts, new Array(outcomes).fill(1), options);
    expect(test.method).toBe(method);
    expect(test.pValue).toBeGreaterThanOrEqual(low - 1e-9);
    expect(test.pValue).toBeLessThanOrEqual(high);
  });

  ifWhole(it)("draws fewer results by default if there are very many outcomes", () => {
    const outcomes = 1_000_000;
    const counts = new Array<number>(outcomes).fill(0);
    counts[0] = 200; // never drawn by chance
    const { pValue } = multinomialTest(counts, new Array(outcomes).fill(1));
    expect(pValue).toBeCloseTo(1 / 21, 12);
  });
});
