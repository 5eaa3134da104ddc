import { gammaUpperTail } from "../special/incomplete-gamma.js";

/**
 * Returns the share of the chi-square distribution above a value: `Q(df/2, x/2)` (Abramowitz and Stegun 26.4.19). It is
 * computed directly, so that even values such as 1e-41 are accurate.
 *
 * @param x - 0 or more.
 * @param degreesOfFreedom - 1 or more.
 */
export function chiSquareUpperTail(x: number, degreesOfFreedom: number): number {
  return gammaUpperTail(x / 2, degreesOfFreedom / 2);
}
