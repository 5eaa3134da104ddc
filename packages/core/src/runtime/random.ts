/** A number in [0, 1). Used for jitter only, never for assignment. */
export type Random = () => number;

/** `Math.random`, read late. */
export const hostRandom: Random = () => Math.random();
