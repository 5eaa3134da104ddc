/**
 * Returns a list of the one element that a seed selects. Consecutive seeds select the elements in
 * turn.
 *
 * Sabotages test the comparison, not the product. A short run tries one of them, and a long run
 * all.
 */
export function oneOf<T>(seed: number, list: readonly T[]): readonly T[] {
  const index = (seed >>> 0) % list.length;
  return list.slice(index, index + 1);
}
