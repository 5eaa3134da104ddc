import { continuedFraction } from "./continued-fraction.js";
import { deviance } from "./deviance.js";
import { stirlingError } from "./stirling-error.js";

/**
 * Regularized upper incomplete gamma function `Q(a, x) = Γ(a, x) / Γ(a)`. Above the mean it is computed directly,
 * by the even part of the continued fraction DLMF 8.9.2, so that values down to 1e-300 are accurate. Below the mean it is
 * `1 − P(a, x)`.
 *
 * @param x - 0 or more.
 * @param a - the shape, 0.5 or more. For smaller shapes, values near 0 lose digits.
 * @see https://dlmf.nist.gov/8.9
 */
export function gammaUpperTail(x: number, a: number): number {
  if (!isInDomain(x, a)) return Number.NaN;
  return x < a + 1 ? 1 - bySeries(x, a) : byFraction(x, a);
}

/**
 * Regularized lower incomplete gamma function `P(a, x) = 1 − Q(a, x)`. Below the mean it is computed directly, by the
 * series DLMF 8.7.1.
 *
 * @param x - 0 or more.
 * @param a - the shape, above 0.
 * @see https://dlmf.nist.gov/8.7
 */
export function gammaLowerTail(x: number, a: number): number {
  if (!isInDomain(x, a)) return Number.NaN;
  return x < a + 1 ? bySeries(x, a) : 1 - byFraction(x, a);
}

function isInDomain(x: number, a: number): boolean {
  return x >= 0 && a > 0 && a < Number.POSITIVE_INFINITY;
}

function bySeries(x: number, a: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * Number.EPSILON * 0.25; k++) {
    term *= x / (a + k);
    sum += term;
  }
  return powerOverGamma(x, a) * sum;
}

function byFraction(x: number, a: number): number {
  const power = powerOverGamma(x, a);
  if (power === 0) return 0;
  const fraction = continuedFraction(
    (k) => k * (a - k),
    (k) => x + 2 * k + 1 - a,
  );
  return power * a * fraction;
}

/** Computes `xᵃ e⁻ˣ / Γ(a + 1)` by Loader (2000), because `a ln x − x − ln Γ(a + 1)` would cancel. See `deviance`. */
function powerOverGamma(x: number, a: number): number {
  if (x === 0 || x === Number.POSITIVE_INFINITY) return 0;
  return Math.exp(-stirlingError(a) - deviance(a, x)) / Math.sqrt(2 * Math.PI * a);
}
