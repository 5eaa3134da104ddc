import { describe, expect, it } from "vitest";
import { chiSquareTest } from "./chi-square-test.js";

describe("chiSquareTest", () => {
  it.each([
    { counts: [9_463, 7_681], statistic: 185.2266, pValue: 3.5022e-42 },
    { counts: [821_588, 815_482], statistic: 22.7744, pValue: 1.8218e-6 },
  ])(
    "returns $statistic and p = $pValue for $counts with equal shares",
    ({ counts, pValue, statistic }) => {
      const test = chiSquareTest(counts, [50, 50]);
      expect(test.statistic).toBeCloseTo(statistic, 4);
      expect(test.degreesOfFreedom).toBe(1);
      expect(Math.abs(test.pValue / pValue - 1)).toBeLessThan(1e-5);
    },
  );

  it("returns Pearson's statistic", () => {
    // (60 - 50)² / 50 + (40 - 50)² / 50
    expect(chiSquareTest([60, 40], [1, 1]).statistic).toBe(4);
  });

  it.each([
    {
      counts: [5, 5, 0],
      shares: [1, 1, 0],
      df: 1,
      pValue: 1,
      because: "outcomes without a share are ignored",
    },
    { counts: [5, 5, 1], shares: [1, 1, 0], df: 1, pValue: 0, because: "the result is impossible" },
    { counts: [7], shares: [1], df: 0, pValue: 1, because: "a single outcome cannot deviate" },
    { counts: [0, 0], shares: [1, 1], df: 1, pValue: 1, because: "nothing was counted" },
  ])(
    "returns p = $pValue for $counts with the shares $shares, because $because",
    ({ counts, df, pValue, shares }) => {
      expect(chiSquareTest(counts, shares)).toMatchObject({ degreesOfFreedom: df, pValue });
    },
  );

  it.each([
    {
      counts: [1],
      shares: [1, 1],
      message: "shares: expected one for each count, received 1 counts and 2 shares",
    },
    {
      counts: [],
      shares: [],
      message: "shares: expected one for each count, received 0 counts and 0 shares",
    },
    {
      counts: [1, -1],
      shares: [1, 1],
      message: "counts[1]: expected a non-negative integer, received -1",
    },
    {
      counts: [0.5, 1],
      shares: [1, 1],
      message:
        "counts[0]: expected a non-negative integer, received 0.5: pass numbers of subjects, not shares",
    },
    {
      counts: [1, 1],
      shares: [1, Number.NaN],
      message: "shares[1]: expected a non-negative number, received NaN",
    },
    { counts: [1, 1], shares: [0, 0], message: "shares: expected at least one above 0" },
    { counts: [1, 1], shares: [1e308, 1e308], message: "shares: expected a finite sum" },
  ])("rejects $counts with the shares $shares", ({ counts, message, shares }) => {
    expect(() => chiSquareTest(counts, shares)).toThrow(new RangeError(message));
  });
});
