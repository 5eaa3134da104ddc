import { describe, expect, it } from "vitest";
import { wilsonInterval } from "./wilson-interval.js";

describe("wilsonInterval", () => {
  // The expected values were computed with 60 digits by mpmath 1.3.
  it.each([
    { of: [8, 10, 0.95], low: 0.4901624715366417, high: 0.9433178485456247 },
    { of: [1, 1_000, 0.999], low: 7.844198621950338e-5, high: 0.01261172060922459 },
    { of: [0, 10, 0.95], low: 0, high: 0.2775327998628893 },
    { of: [10, 10, 0.95], low: 1 - 0.2775327998628893, high: 1 },
    { of: [0, 0, 0.95], low: 0, high: 1 },
  ] as const)("is $low … $high for $of", ({ high, low, of: [successes, trials, confidence] }) => {
    const interval = wilsonInterval(successes, trials, confidence);
    expect(interval.low).toBeCloseTo(low, 14);
    expect(interval.high).toBeCloseTo(high, 14);
    expect(interval.low >= 0 && interval.high <= 1).toBe(true);
  });

  it("has a confidence of 95% by default", () => {
    expect(wilsonInterval(8, 10)).toEqual(wilsonInterval(8, 10, 0.95));
  });

  it.each([
    { of: [1, -1], message: "trials: expected a non-negative integer, received -1" },
    {
      of: [3, 2],
      message:
        "successes: expected an integer in 0…2, received 3: write wilsonInterval(successes, trials)",
    },
    { of: [0.5, 2], message: "successes: expected an integer in 0…2, received 0.5" },
    { of: [1, 2, 1], message: "confidence: expected a number between 0 and 1, received 1" },
  ] as const)("rejects $of", ({ message, of: [successes, trials, confidence] }) => {
    expect(() => wilsonInterval(successes, trials, confidence)).toThrow(new RangeError(message));
  });
});
