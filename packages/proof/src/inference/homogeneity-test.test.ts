import { describe, expect, it } from "vitest";
import { chiSquareTest } from "./chi-square-test.js";
import { homogeneityTest } from "./homogeneity-test.js";

describe("homogeneityTest", () => {
  it.each([
    // Computed by hand: 100 (10 · 20 − 30 · 40)² / (40 · 60 · 50 · 50).
    { first: [10, 30], second: [40, 20], statistic: 50 / 3, degreesOfFreedom: 1 },
    // Each outcome is expected 20 times in the first group and 40 times in the second.
    { first: [10, 20, 30], second: [50, 40, 30], statistic: 15, degreesOfFreedom: 2 },
    { first: [20, 0, 10], second: [40, 0, 20], statistic: 0, degreesOfFreedom: 1 },
  ])(
    "returns $statistic with $degreesOfFreedom degrees of freedom for $first and $second",
    ({ degreesOfFreedom, first, second, statistic }) => {
      for (const test of [homogeneityTest(first, second), homogeneityTest(second, first)]) {
        expect(test.statistic).toBeCloseTo(statistic, 10);
        expect(test.degreesOfFreedom).toBe(degreesOfFreedom);
      }
    },
  );

  it("approaches the test against shares if the second group is very large", () => {
    const [first, shares] = [
      [120, 80],
      [0.5, 0.5],
    ];
    const compared = homogeneityTest(first, [1e12, 1e12]).pValue;
    expect(Math.abs(compared / chiSquareTest(first, shares).pValue - 1)).toBeLessThan(1e-6);
  });

  it("reports the smallest expected count", () => {
    expect(homogeneityTest([10, 20, 30], [50, 40, 30]).leastExpected).toBe(20);
    expect(homogeneityTest([1, 9], [9, 81]).leastExpected).toBe(1);
  });

  it.each([
    { first: [0, 0], second: [5, 7], because: "a group is empty" },
    { first: [3, 0], second: [5, 0], because: "there is one outcome" },
    { first: [0, 0], second: [0, 0], because: "nothing was counted" },
  ])("finds no difference between $first and $second, because $because", ({ first, second }) => {
    expect(homogeneityTest(first, second)).toMatchObject({ statistic: 0, pValue: 1 });
  });

  it.each([
    {
      first: [1],
      second: [1, 1],
      message: "second: expected a count for each outcome of the first group, received 2 for 1",
    },
    {
      first: [],
      second: [],
      message: "second: expected a count for each outcome of the first group, received 0 for 0",
    },
    {
      first: [1, -1],
      second: [1, 1],
      message: "first[1]: expected a non-negative integer, received -1",
    },
    {
      first: [1, 1],
      second: [0.5, 1],
      message:
        "second[0]: expected a non-negative integer, received 0.5: pass numbers of subjects, not shares",
    },
  ])("rejects $first and $second", ({ first, message, second }) => {
    expect(() => homogeneityTest(first, second)).toThrow(new RangeError(message));
  });
});
