import type { ShardDescription, TrafficShares } from "@sortition/core/dialect";
import type { CompiledHash } from "../hash/hash.js";
import { safeText } from "../safe-text.js";

/** A range of whole shards: `start <= shard < end`. */
export interface ShardRange {
  readonly start: number;
  readonly end: number;
}

/** Returns the number of buckets of a hash. Bucket numbers are multiples of its inverse. */
export function totalOf({ version }: CompiledHash): number {
  return version === 2 ? 10_000 : 1000;
}

/** Returns the shards with `start <= n < end`, or with `start <= n <= end` if `isInclusive` is set. */
export function shardRange(
  start: unknown,
  end: unknown,
  total: number,
  isInclusive = false,
): ShardRange {
  const from = firstShard(total, (shard) => shard / total >= (start as number));
  const to = firstShard(total, (shard) =>
    isInclusive ? !(shard / total <= (end as number)) : !(shard / total < (end as number)),
  );
  return { start: from, end: Math.max(from, to) };
}

/**
 * Returns the first shard beyond a bound, or `total`. All later shards are beyond it too, whatever the type of the
 * bound.
 */
function firstShard(total: number, isBehind: (shard: number) => boolean): number {
  let [low, high] = [0, total];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBehind(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

export function describeShard(hash: CompiledHash, range: ShardRange): ShardDescription {
  return {
    salt: safeText(hash.rawSeed),
    totalShards: totalOf(hash),
    ranges: range.start < range.end ? [range] : [],
    problem: hash.version === 0 ? "unknown hash version" : null,
  };
}

/** Returns the share of each variation. A shard belongs to the first range that contains it. */
export function trafficOf(
  ranges: readonly (readonly [variation: string, range: ShardRange])[],
  total: number,
): TrafficShares {
  const counts = new Map<string, number>();
  let assigned = 0;
  // All shards between two adjacent bounds have the same owner.
  const bounds = [...new Set(ranges.flatMap(([, { end, start }]) => [start, end]))];
  bounds.sort((a, b) => a - b);
  for (const [i, from] of bounds.entries()) {
    const owner = ranges.find(([, { end, start }]) => start <= from && from < end);
    if (owner === undefined) continue;
    const count = (bounds[i + 1] ?? from) - from;
    counts.set(owner[0], (counts.get(owner[0]) ?? 0) + count);
    assigned += count;
  }
  const byVariation = new Map([...counts].map(([key, count]) => [key, count / total]));
  return { byVariation, unassigned: (total - assigned) / total };
}
