import { gammaUpperTail } from "../special/incomplete-gamma.js";

/**
 * Returns the share of the standard normal distribution above `z`: `½ Q(½, z²/2)` (DLMF 7.11.2). It is computed directly,
 * so that it is accurate for `z` up to 37.
 *
 * @see https://dlmf.nist.gov/7.11
 */
export function normalUpperTail(z: number): number {
  const half = gammaUpperTail((z * z) / 2, 0.5) / 2;
  return z < 0 ? 1 - half : half;
}

/**
 * Returns the `z` above which `share` of the standard normal distribution lies. It starts from Hastings' approximation
 * (Abramowitz and Stegun 26.2.23, within 4.5e-4) and applies two steps of Halley's method.
 *
 * @param share - from 0 to 1. The result is `Infinity` for 0 and `-Infinity` for 1.
 */
export function normalUpperQuantile(share: number): number {
  if (!(share >= 0 && share <= 1)) return Number.NaN;
  if (share > 0.5) return -normalUpperQuantile(1 - share);
  if (share === 0) return Number.POSITIVE_INFINITY;
  const t = Math.sqrt(-2 * Math.log(share));
  const above = 2.515517 + t * (0.802853 + t * 0.010328);
  const below = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308));
  let z = t - above / below;
  for (let step = 0; step < 2; step++) {
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    const newton = (normalUpperTail(z) - share) / density;
    z += newton / (1 - (z * newton) / 2);
  }
  return z;
}
