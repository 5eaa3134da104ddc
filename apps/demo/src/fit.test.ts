import { describe, expect, it } from "vitest";
import { fitOf } from "./fit.js";

const halves = new Map([
  ["a", 0.5],
  ["b", 0.5],
]);

describe("fitOf", () => {
  it.each([
    { a: 5_000, b: 5_000, isAsExpected: true, because: "nothing deviates" },
    { a: 5_050, b: 4_950, isAsExpected: true, because: "the deviation is one standard deviation" },
    {
      a: 5_250,
      b: 4_750,
      isAsExpected: false,
      because: "the deviation is five standard deviations",
    },
  ])("of $a to $b is as expected: $isAsExpected, because $because", ({ a, b, isAsExpected }) => {
    const observed = new Map(Object.entries({ a, b }));
    expect(fitOf(observed, halves).isAsExpected).toBe(isAsExpected);
  });

  it("is Pearson's statistic", () => {
    // (60 - 50)² / 50 + (40 - 50)² / 50
    const observed = new Map([
      ["a", 60],
      ["b", 40],
    ]);
    expect(fitOf(observed, halves)).toMatchObject({ statistic: 4, degreesOfFreedom: 1 });
  });

  it("rejects an unexpected variation", () => {
    const observed = new Map([["c", 1]]);
    expect(fitOf(observed, new Map([["a", 1]])).isAsExpected).toBe(false);
  });
});
