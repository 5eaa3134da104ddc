import { expect, it } from "vitest";
import { lnGamma } from "./ln-gamma.js";

// The expected values were computed with 60 digits by mpmath 1.3.
it.each([
  { x: 1e-9, expected: 20.723265836369194 },
  { x: 0.5, expected: 0.5723649429247001 },
  { x: 1.5, expected: -0.12078223763524522 },
  { x: 3, expected: Math.LN2 },
  { x: 10.5, expected: 13.940625219403763 },
  { x: 15.5, expected: 26.536914491115613 },
  { x: 100, expected: 359.1342053695754 },
  { x: 1e6, expected: 12815504.569147613 },
  { x: 1e12, expected: 26631021115915.652 },
])("lnGamma of $x is $expected", ({ x, expected }) => {
  expect(Math.abs(lnGamma(x) / expected - 1)).toBeLessThan(2e-14);
});

it.each([1, 2])("lnGamma is 0 at %s", (x) => expect(Math.abs(lnGamma(x))).toBeLessThan(5e-15));

it.each([0, -1, Number.NaN])("lnGamma is NaN at %s", (x) => expect(lnGamma(x)).toBeNaN());

it("lnGamma is infinite at infinity", () => {
  expect(lnGamma(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
});
