import { describe, expect, it } from "vitest";
import { gammaLowerTail, gammaUpperTail } from "./incomplete-gamma.js";

// The expected values were computed with 60 digits by mpmath 1.3.
describe("gammaUpperTail", () => {
  it.each([
    { x: 0.1, a: 0.5, expected: 0.654720846018577 },
    { x: 1_000, a: 1_000, expected: 0.4957947558197845 },
    { x: 1_200, a: 1_000, expected: 1.2881606086281433e-9 },
    { x: 1_010_000, a: 1e6, expected: 1.06069974775869e-23 },
    { x: 700, a: 2, expected: 6.911633257175599e-302 },
  ])("is $expected above $x for the shape $a", ({ a, expected, x }) => {
    expect(Math.abs(gammaUpperTail(x, a) / expected - 1)).toBeLessThan(2e-12);
  });

  it.each([
    { x: 0, a: 3, expected: 1 },
    { x: 800, a: 1, expected: 0 },
    { x: Number.POSITIVE_INFINITY, a: 3, expected: 0 },
    { x: -1, a: 3, expected: Number.NaN },
    { x: 1, a: 0, expected: Number.NaN },
    { x: 1, a: Number.POSITIVE_INFINITY, expected: Number.NaN },
    { x: Number.NaN, a: 1, expected: Number.NaN },
  ])("is $expected above $x for the shape $a", ({ a, expected, x }) => {
    expect(gammaUpperTail(x, a)).toBe(expected);
  });
});

describe("gammaLowerTail", () => {
  it.each([
    { x: 0.001, a: 5, expected: 8.326391864211503e-18 },
    { x: 800, a: 1_000, expected: 5.5014197761792284e-12 },
    { x: 5, a: 5, expected: 0.5595067149347875 },
  ])("is $expected below $x for the shape $a", ({ a, expected, x }) => {
    expect(Math.abs(gammaLowerTail(x, a) / expected - 1)).toBeLessThan(1e-13);
  });

  it("is 1 at infinity, and NaN outside the domain", () => {
    expect(gammaLowerTail(Number.POSITIVE_INFINITY, 2)).toBe(1);
    expect(gammaLowerTail(-1, 2)).toBeNaN();
  });
});
