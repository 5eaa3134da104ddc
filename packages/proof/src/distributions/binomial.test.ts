import { describe, expect, it } from "vitest";
import { binomialLowerTail, binomialUpperTail } from "./binomial.js";

describe("the tails of a binomial distribution", () => {
  // The expected values are sums of probabilities, computed with 60 digits by mpmath 1.3.
  it.each([
    { k: 60, n: 100, p: 0.5, expected: 0.028443966820490395 },
    { k: 60, n: 1_000, p: 0.01, expected: 1.8438279840122013e-27 },
  ])("are $expected for $k or more of $n at $p", ({ expected, k, n, p }) => {
    expect(Math.abs(binomialUpperTail(k, n, p) / expected - 1)).toBeLessThan(1e-12);
    expect(Math.abs(binomialLowerTail(n - k, n, 1 - p) / expected - 1)).toBeLessThan(1e-12);
  });

  it("are 0 or 1 for impossible counts", () => {
    expect([0, 4].map((k) => binomialUpperTail(k, 3, 0.5))).toEqual([1, 0]);
    expect([-1, 3].map((k) => binomialLowerTail(k, 3, 0.5))).toEqual([0, 1]);
  });

  it("add up to 1 between two counts", () => {
    for (let k = 0; k <= 20; k++) {
      const sum = binomialLowerTail(k, 20, 0.3) + binomialUpperTail(k + 1, 20, 0.3);
      expect(sum).toBeCloseTo(1, 13);
    }
  });
});
