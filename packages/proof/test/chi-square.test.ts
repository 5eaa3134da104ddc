import { describe, expect, it } from "vitest";
import { chiSquareUpperTail } from "../src/index.js";
import { CHI_SQUARE_TAILS } from "./chi-square-tails.js";

/** Critical values for 1 to 30 degrees of freedom, from NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.4. */
const CRITICAL_VALUES = {
  0.05: [
    3.841, 5.991, 7.815, 9.488, 11.07, 12.592, 14.067, 15.507, 16.919, 18.307, 19.675, 21.026,
    22.362, 23.685, 24.996, 26.296, 27.587, 28.869, 30.144, 31.41, 32.671, 33.924, 35.172, 36.415,
    37.652, 38.885, 40.113, 41.337, 42.557, 43.773,
  ],
  0.001: [
    10.828, 13.816, 16.266, 18.467, 20.515, 22.458, 24.322, 26.124, 27.877, 29.588, 31.264, 32.91,
    34.528, 36.123, 37.697, 39.252, 40.79, 42.312, 43.82, 45.315, 46.797, 48.268, 49.728, 51.179,
    52.62, 54.052, 55.476, 56.892, 58.301, 59.703,
  ],
};

describe("chiSquareUpperTail", () => {
  it.each(CHI_SQUARE_TAILS.map((tails, i) => ({ df: i + 1, tails })))(
    "is exact to 1e-12 for $df degrees of freedom",
    ({ df, tails }) => {
      [0.5, df, 3 * df, 180].forEach((x, i) => {
        const expected = tails[i] ?? Number.NaN;
        expect(Math.abs(chiSquareUpperTail(x, df) / expected - 1)).toBeLessThan(1e-12);
      });
    },
  );

  it.each(Object.entries(CRITICAL_VALUES))(
    "has the published critical values of %s",
    (alpha, values) => {
      values.forEach((value, i) => {
        expect(chiSquareUpperTail(value - 0.0006, i + 1)).toBeGreaterThan(Number(alpha));
        expect(chiSquareUpperTail(value + 0.0006, i + 1)).toBeLessThan(Number(alpha));
      });
    },
  );

  it("is accurate where 1 − cdf rounds to 0", () => {
    expect(chiSquareUpperTail(180, 1)).toBeCloseTo(4.846411842405e-41, 52);
    expect(Math.abs(chiSquareUpperTail(180, 1) / 4.846411842405e-41 - 1)).toBeLessThan(1e-12);
  });
});
