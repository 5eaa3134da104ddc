/** Returns a number in [0, 1). Only used for jitter and salts, never for assignment. */
export type Random = () => number;

/**
 * Returns a number in [0, 1], or 0.5 if the caller's function throws or returns anything else. A faulty function then
 * neither stops retries nor makes them a hot loop.
 */
export function draw(random: Random): number {
  try {
    const u = random();
    return u >= 0 && u <= 1 ? u : 0.5;
  } catch {
    return 0.5;
  }
}

/** Calls the current `Math.random`, so that a later replacement takes effect, e.g. in tests. */
export const hostRandom: Random = () => Math.random();
