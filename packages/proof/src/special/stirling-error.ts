/** Smallest number for which the series below has double precision. */
const SERIES_FROM = 16;

/**
 * Error of Stirling's formula: `ln Γ(n + 1) − ((n + ½) ln n − n + ½ ln 2π)`.
 *
 * The asymptotic series is DLMF 5.11.1. Smaller numbers are moved up by
 * `error(n) = error(n + 1) + (n + ½) ln(1 + 1/n) − 1`, which follows from `Γ(n + 2) = (n + 1) Γ(n + 1)`.
 *
 * @param n - above 0.
 * @see https://dlmf.nist.gov/5.11
 */
export function stirlingError(n: number): number {
  let at = n;
  let moved = 0;
  for (; at < SERIES_FROM; at++) moved += (at + 0.5) * Math.log1p(1 / at) - 1;
  const r = 1 / (at * at);
  const series = 1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r * (1 / 1188))));
  return moved + series / at;
}
