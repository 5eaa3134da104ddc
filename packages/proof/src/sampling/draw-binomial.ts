import { lnGamma } from "../special/ln-gamma.js";
import type { Random } from "./seeded-random.js";

/** Below this mean, counting up takes fewer steps than rejection. */
const MEAN_OF_REJECTION = 10;

/**
 * Draws the number of successes among `trials`. The time does not grow with `trials`.
 *
 * @param trials - an integer, 0 or more.
 * @param probability - probability of a success, from 0 to 1.
 */
export function drawBinomial(random: Random, trials: number, probability: number): number {
  if (probability > 0.5) return trials - drawBinomial(random, trials, 1 - probability);
  if (!(probability > 0) || trials === 0) return 0;
  return trials * probability < MEAN_OF_REJECTION
    ? byInversion(random, trials, probability)
    : byRejection(random, trials, probability);
}

/** Subtracts the probabilities of 0, 1, … from a random number until nothing is left. */
function byInversion(random: Random, trials: number, probability: number): number {
  const odds = probability / (1 - probability);
  let term = Math.exp(trials * Math.log1p(-probability));
  let left = random() - term;
  let successes = 0;
  while (left >= 0 && successes < trials) {
    term *= (odds * (trials - successes)) / (successes + 1);
    successes += 1;
    left -= term;
  }
  return successes;
}

/** Algorithm BTRS of Wolfgang Hörmann, "The generation of binomial random variates" (1993). */
function byRejection(random: Random, trials: number, probability: number): number {
  const spread = Math.sqrt(trials * probability * (1 - probability));
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * probability;
  const c = trials * probability + 0.5;
  const alpha = (2.83 + 5.1 / b) * spread;
  const lnOdds = Math.log(probability / (1 - probability));
  const mode = Math.floor((trials + 1) * probability);
  for (;;) {
    const u = random() - 0.5;
    const v = 1 - random();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + c);
    if (us >= 0.07 && v <= 0.92 - 4.2 / b) return k;
    if (!(k >= 0 && k <= trials)) continue;
    const lnRatio =
      lnGamma(mode + 1) +
      lnGamma(trials - mode + 1) -
      lnGamma(k + 1) -
      lnGamma(trials - k + 1) +
      (k - mode) * lnOdds;
    if (Math.log((v * alpha) / (a / (us * us) + b)) <= lnRatio) return k;
  }
}
