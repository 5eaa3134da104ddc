import { describe, expect, it } from "vitest";
import { alwaysValidPValue, lnBayesFactor } from "./bayes-factor.js";

describe("lnBayesFactor", () => {
  // The expected values were computed with 60 digits by the log-gamma function of mpmath 1.3.
  it.each([
    {
      counts: [821_588, 815_482],
      shares: [50, 50],
      concentration: 10_000,
      expected: 8.765972292410426,
    },
    { counts: [9_463, 7_681], shares: [1, 1], concentration: 10_000, expected: 58.038980127493204 },
    { counts: [10, 20, 30], shares: [1, 2, 3], concentration: 6, expected: -2.521475380206171 },
    { counts: [55, 45], shares: [1, 1], concentration: 2, expected: -1.5883989288553515 },
  ])(
    "is $expected for $counts with the shares $shares",
    ({ concentration, counts, expected, shares }) => {
      expect(lnBayesFactor(counts, shares, { concentrations: [concentration] })).toBeCloseTo(
        expected,
        7,
      );
    },
  );

  it("is 0 before anything was counted, and infinite for an impossible result", () => {
    expect(lnBayesFactor([0, 0], [1, 1])).toBeCloseTo(0, 12);
    expect(lnBayesFactor([5, 1], [1, 0])).toBe(Number.POSITIVE_INFINITY);
  });

  it("averages the factors of several concentrations, even if they are too large for exp", () => {
    for (const counts of [
      [55, 45],
      [30_000, 10_000],
    ]) {
      const [narrow, wide, both] = [[100], [2], [2, 100]].map((concentrations) =>
        lnBayesFactor(counts, [1, 1], { concentrations }),
      ) as [number, number, number];
      const larger = Math.max(narrow, wide);
      const mean = (Math.exp(narrow - larger) + Math.exp(wide - larger)) / 2;
      expect(both).toBeCloseTo(larger + Math.log(mean), 9);
    }
  });

  // With the concentration 10,000 alone, it takes 380 subjects.
  it("exceeds 1,000 once 16 of 16 subjects get one of two variations", () => {
    expect(lnBayesFactor([15, 0], [1, 1])).toBeLessThan(Math.log(1_000));
    expect(lnBayesFactor([16, 0], [1, 1])).toBeGreaterThan(Math.log(1_000));
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("rejects the concentration %s", (of) => {
    expect(() => lnBayesFactor([1, 1], [1, 1], { concentrations: [1, of] })).toThrow(
      new RangeError(`concentrations[1]: expected a number above 0, received ${of}`),
    );
  });

  it("rejects an empty list of concentrations", () => {
    expect(() => lnBayesFactor([1, 1], [1, 1], { concentrations: [] })).toThrow(
      new RangeError("concentrations: expected at least one"),
    );
  });
});

describe("alwaysValidPValue", () => {
  it.each([
    { counts: [821_588, 815_482], pValue: 4.17496e-4 },
    { counts: [5_000, 5_000], pValue: 1 },
  ])("is $pValue for $counts", ({ counts, pValue }) => {
    expect(alwaysValidPValue(counts, [1, 1])).toBeCloseTo(pValue, 8);
  });

  it("is 0 for an impossible result", () => {
    expect(alwaysValidPValue([5, 1], [1, 0])).toBe(0);
  });
});
