import type { Shares } from "./split-test.js";

/**
 * Noncentrality with which Pearson's test finds a mismatch at the level 0.001 in 90% of cases, by the number of variations,
 * from two on.
 */
const NONCENTRALITY = [20.9, 23.8, 25.9, 27.7, 29.2, 30.6, 31.8, 33.0, 34.1];

/**
 * The smallest fraction of its subjects that a variation may lose and that a test would very probably have found. It refers
 * to the variation with the smallest share, whose losses are the hardest to find.
 *
 * @param shares - shares that add up to 1.
 * @param subjects - the number of subjects that were tested.
 * @returns `null` if no loss would have been detected, or the number of variations is too large.
 */
export function detectableLoss(shares: Shares, subjects: number): number | null {
  const given = [...shares.values()].filter((share) => share > 0);
  const noncentrality = NONCENTRALITY[given.length - 2];
  if (noncentrality === undefined) return null;
  const least = Math.min(...given);
  // If a variation with the share s loses the fraction x, the noncentrality is n · s · (1 − s) · (x / (1 − s · x))².
  const ratio = Math.sqrt(noncentrality / (subjects * least * (1 - least)));
  const loss = ratio / (1 + least * ratio);
  return loss < 1 ? loss : null;
}
