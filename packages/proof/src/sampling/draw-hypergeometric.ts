import type { LnFactorial } from "../special/ln-factorials.js";
import type { Random } from "./seeded-random.js";

/** An urn, and the number of balls that are drawn from it. */
export interface Urn {
  /** An integer, 0 or more. */
  readonly red: number;
  /** An integer, 0 or more. */
  readonly blue: number;
  /** An integer in 0 … red + blue. */
  readonly draws: number;
}

/**
 * Draws the number of red balls among the balls drawn from an urn without replacement. It starts at the most probable number
 * and subtracts probabilities on both sides from a random number until nothing is left. The number of steps is a few standard
 * deviations.
 */
export function drawHypergeometric(
  random: Random,
  { blue, draws, red }: Urn,
  lnFactorial: LnFactorial,
): number {
  const least = Math.max(0, draws - blue);
  const most = Math.min(red, draws);
  const mode = Math.floor(((draws + 1) * (red + 1)) / (red + blue + 2));
  const lnChoose = (n: number, k: number): number =>
    lnFactorial(n) - lnFactorial(k) - lnFactorial(n - k);
  let down = mode;
  let up = mode;
  let below = Math.exp(
    lnChoose(red, mode) + lnChoose(blue, draws - mode) - lnChoose(red + blue, draws),
  );
  let above = below;
  let left = random() - below;
  while (left >= 0) {
    below *= (down * (blue - draws + down)) / ((red - down + 1) * (draws - down + 1));
    above *= ((red - up) * (draws - up)) / ((up + 1) * (blue - draws + up + 1));
    down -= 1;
    up += 1;
    // Because of rounding, the random number may exceed the sum of all probabilities.
    if (down < least && up > most) return mode;
    left -= above;
    if (left < 0) return up;
    left -= below;
    if (left < 0) return down;
  }
  return mode;
}
