import { describe, expect, it } from "vitest";
import { normalUpperQuantile, normalUpperTail } from "./normal.js";

// The expected values were computed with 60 digits by mpmath 1.3.
describe("normalUpperTail", () => {
  it.each([
    { z: 0.5, expected: 0.3085375387259869 },
    { z: 1, expected: 0.15865525393145705 },
    { z: 1.96, expected: 0.024997895148220435 },
    { z: 8, expected: 6.220960574271784e-16 },
    { z: 37, expected: 5.725571222524577e-300 },
  ])("is $expected above $z", ({ expected, z }) => {
    expect(Math.abs(normalUpperTail(z) / expected - 1)).toBeLessThan(2e-13);
    expect(normalUpperTail(-z)).toBeCloseTo(1 - expected, 15);
  });

  it("is one half at 0", () => expect(normalUpperTail(0)).toBe(0.5));
});

describe("normalUpperQuantile", () => {
  it.each([
    { share: 0.025, expected: 1.9599639845400543 },
    { share: 0.0005, expected: 3.290526731491895 },
    { share: 0.3, expected: 0.5244005127080408 },
    { share: 0.975, expected: -1.9599639845400538 },
    { share: 1e-100, expected: 21.273453560965326 },
  ])("leaves $share above $expected", ({ expected, share }) => {
    expect(Math.abs(normalUpperQuantile(share) / expected - 1)).toBeLessThan(1e-14);
  });

  it("is exact at the ends and in the middle, and NaN outside the domain", () => {
    expect([0, 1].map(normalUpperQuantile)).toEqual([
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ]);
    expect(normalUpperQuantile(0.5)).toBeCloseTo(0, 15);
    expect([-0.1, 1.1, Number.NaN].map(normalUpperQuantile)).toEqual(Array(3).fill(Number.NaN));
  });
});
