import type { ShardDescription, TrafficShares } from "@sortition/core/dialect";
import type { CompiledHash } from "../hash/hash.js";
import { safeText } from "../safe-text.js";

/** A range of whole shards: `start <= shard < end`. */
export interface ShardRange {
  readonly start: number;
  readonly end: number;
}

/** Number of buckets of a hash: bucket numbers are multiples of 1 / this. */
export function totalOf({ version }: CompiledHash): number {
  return version === 2 ? 10_000 : 1000;
}

/** The shards of `start <= n < end`; with `isInclusive` of `start <= n <= end`. */
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

/** The first shard that is behind a bound, else `total`. Whatever the bound is, all later ones are behind it too. */
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
    problem: hash.version === 0 ? "unknown version of the hash" : null,
  };
}

/** The share of each variation: the first range with a shard gets it. */
export function trafficOf(
  ranges: readonly (readonly [variation: string, range: ShardRange])[],
  total: number,
): TrafficShares {
  const counts = new Map<string, number>();
  let assigned = 0;
  // Between two neighbouring bounds all shards have the same owner.
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
