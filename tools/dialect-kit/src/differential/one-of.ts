/**
 * A list of the one element that a seed selects: consecutive seeds select each in turn.
 *
 * Sabotages prove the comparison and not the product. A short run tries one of them, a long run all.
 */
export function oneOf<T>(seed: number, list: readonly T[]): readonly T[] {
  const index = (seed >>> 0) % list.length;
  return list.slice(index, index + 1);
}
