import { continuedFraction } from "./continued-fraction.js";
import { deviance } from "./deviance.js";
import { stirlingError } from "./stirling-error.js";

/**
 * Regularized incomplete beta function `I(x; a, b)`: the share of a beta distribution below `x`. Below the mean it is
 * computed directly, by the continued fraction DLMF 8.17.22.
 *
 * @param x - 0 … 1.
 * @param a - above 0.
 * @param b - above 0.
 * @see https://dlmf.nist.gov/8.17
 */
export function betaLowerTail(x: number, a: number, b: number): number {
  return tail(x, 1 - x, a, b);
}

/** Returns `1 − I(x; a, b)`, which is computed directly above the mean. */
export function betaUpperTail(x: number, a: number, b: number): number {
  return tail(1 - x, x, b, a);
}

/** Returns the share below `x`, given `y = 1 − x`. */
function tail(x: number, y: number, a: number, b: number): number {
  const isInDomain = x >= 0 && y >= 0 && a > 0 && b > 0 && a + b < Number.POSITIVE_INFINITY;
  if (!isInDomain) return Number.NaN;
  if (x === 0 || y === 0) return x;
  return x < (a + 1) / (a + b + 2) ? byFraction(x, y, a, b) : 1 - byFraction(y, x, b, a);
}

function byFraction(x: number, y: number, a: number, b: number): number {
  const n = a + b;
  // xᵃ yᵇ Γ(a + b) / (Γ(a + 1) Γ(b)), computed as the probability of a successes among n by Loader (2000).
  const error = stirlingError(n) - stirlingError(a) - stirlingError(b);
  const exponent = error - deviance(a, n * x) - deviance(b, n * y);
  const power = Math.exp(exponent) * Math.sqrt(b / (2 * Math.PI * a * n));
  if (power === 0) return 0;
  const fraction = continuedFraction(
    (i) => {
      const m = Math.floor(i / 2);
      const s = a + 2 * m;
      return i % 2 === 0
        ? (m * (b - m) * x) / ((s - 1) * s)
        : (-(a + m) * (n + m) * x) / (s * (s + 1));
    },
    () => 1,
  );
  return power * fraction;
}
