/** A number in [0, 1). Used for jitter only, never for assignment. */
export type Random = () => number;

/** `Math.random`, read late. */
export const hostRandom: Random = () => Math.random();

/** A function of the caller that must neither end what it paces nor make it a hot loop: what is no draw is the middle one. */
export function usableRandom(random: Random): Random {
  return () => {
    try {
      const u = random();
      return u >= 0 && u <= 1 ? u : 0.5;
    } catch {
      return 0.5;
    }
  };
}
