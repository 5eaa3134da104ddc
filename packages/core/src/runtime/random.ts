/** A number in [0, 1). Used for jitter only, never for assignment. */
export type Random = () => number;

/** One draw in [0, 1]. The caller's function must neither end what it paces nor make it a hot loop. */
export function draw(random: Random): number {
  try {
    const u = random();
    return u >= 0 && u <= 1 ? u : 0.5;
  } catch {
    return 0.5;
  }
}

/** `Math.random`, read late. */
export const hostRandom: Random = () => Math.random();
