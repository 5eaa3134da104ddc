import { gammaUpperTail } from "../special/incomplete-gamma.js";

/**
 * Share of the chi-square distribution above a value: `Q(df/2, x/2)` (Abramowitz and Stegun 26.4.19). Not computed as
 * 1 minus the share below, so that 1e-41 is right.
 *
 * @param x - 0 or more.
 * @param degreesOfFreedom - 1 or more.
 */
export function chiSquareUpperTail(x: number, degreesOfFreedom: number): number {
  return gammaUpperTail(x / 2, degreesOfFreedom / 2);
}
