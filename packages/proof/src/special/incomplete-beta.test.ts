import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { betaLowerTail, betaUpperTail } from "./incomplete-beta.js";

describe("the tails of a beta distribution", () => {
  // The expected values were computed with 60 digits by mpmath 1.3.
  it.each([
    { x: 0.5, a: 2, b: 3, lower: 0.6875, upper: 0.3125 },
    { x: 0.001, a: 5, b: 7, lower: 4.596949442288487e-13, upper: 0.9999999999995403 },
    { x: 0.25, a: 0.5, b: 0.5, lower: 1 / 3, upper: 2 / 3 },
    { x: 0.3, a: 30, b: 10, lower: 2.0055353177307436e-9, upper: 0.9999999979944647 },
    { x: 0.9, a: 10, b: 30, lower: 1, upper: 8.482399466170761e-23 },
    { x: 0.5, a: 1_000, b: 1_100, lower: 0.9854830182565296, upper: 0.014516981743470393 },
  ])("are $lower and $upper at $x, for $a and $b", ({ a, b, lower, upper, x }) => {
    expect(Math.abs(betaLowerTail(x, a, b) / lower - 1)).toBeLessThan(1e-13);
    expect(Math.abs(betaUpperTail(x, a, b) / upper - 1)).toBeLessThan(1e-13);
  });

  it("add up to 1", () => {
    const shape = fc.double({ min: 0.01, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), shape, shape, (x, a, b) => {
        expect(betaLowerTail(x, a, b) + betaUpperTail(x, a, b)).toBeCloseTo(1, 11);
      }),
    );
  });

  it("are 0 or 1 at the ends, and NaN outside the domain", () => {
    expect([0, 1].map((x) => betaLowerTail(x, 2, 3))).toEqual([0, 1]);
    expect([0, 1].map((x) => betaUpperTail(x, 2, 3))).toEqual([1, 0]);
    expect([betaLowerTail(2, 1, 1), betaLowerTail(0.5, 0, 1), betaUpperTail(0.5, 1, -1)]).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
  });
});
