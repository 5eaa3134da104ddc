/** Numbers of subjects by variation. */
export type Counts = ReadonlyMap<string, number>;

/** The sum of counts. */
export function totalOf(counts: Counts): number {
  let total = 0;
  for (const count of counts.values()) total += count;
  return total;
}

/** Counts without those of a part. */
export function without(counts: Counts, part: Counts): Counts {
  return new Map([...counts].map(([key, count]) => [key, count - (part.get(key) ?? 0)]));
}

/** The counts of several parts together. */
export function together(parts: Iterable<Counts>): Counts {
  const sum = new Map<string, number>();
  for (const part of parts) {
    for (const [key, count] of part) sum.set(key, (sum.get(key) ?? 0) + count);
  }
  return sum;
}
