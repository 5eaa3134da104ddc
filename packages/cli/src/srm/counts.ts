/** Number of subjects by variation. */
export type Counts = ReadonlyMap<string, number>;

export function totalOf(counts: Counts): number {
  let total = 0;
  for (const count of counts.values()) total += count;
  return total;
}

/** Subtracts the counts of a part. */
export function without(counts: Counts, part: Counts): Counts {
  return new Map([...counts].map(([key, count]) => [key, count - (part.get(key) ?? 0)]));
}

/** Adds the counts of several parts. */
export function together(parts: Iterable<Counts>): Counts {
  const sum = new Map<string, number>();
  for (const part of parts) {
    for (const [key, count] of part) sum.set(key, (sum.get(key) ?? 0) + count);
  }
  return sum;
}
