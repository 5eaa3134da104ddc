import { stirlingError } from "./stirling-error.js";

const HALF_LN_2_PI = 0.918_938_533_204_672_7;

/**
 * Natural logarithm of `Γ(x)`, by Stirling's formula with its error (DLMF 5.11.1). It is accurate to a few units in the
 * last place. Around the zeros at 1 and 2, this applies to the absolute error.
 *
 * @param x - above 0.
 * @see https://dlmf.nist.gov/5.11
 */
export function lnGamma(x: number): number {
  if (!(x > 0)) return Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  return (x - 0.5) * Math.log(x) - x + HALF_LN_2_PI + stirlingError(x);
}
