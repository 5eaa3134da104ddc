import type { ShardDescription, TrafficShares } from "@sortition/core/dialect";
import type { CompiledHash } from "../hash.js";
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
  const from = [...Array(total).keys()].findIndex((shard) => shard / total >= (start as number));
  const to = [...Array(total).keys()].findIndex((shard) =>
    isInclusive ? !(shard / total <= (end as number)) : !(shard / total < (end as number)),
  );
  const range = { start: from < 0 ? total : from, end: to < 0 ? total : to };
  return range.end < range.start ? { start: range.start, end: range.start } : range;
}

/** Describes the shards of a hash. */
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
  for (let shard = 0; shard < total; shard++) {
    const owner = ranges.find(([, { end, start }]) => start <= shard && shard < end);
    if (owner === undefined) continue;
    counts.set(owner[0], (counts.get(owner[0]) ?? 0) + 1);
    assigned += 1;
  }
  const byVariation = new Map([...counts].map(([key, count]) => [key, count / total]));
  return { byVariation, unassigned: (total - assigned) / total };
}
