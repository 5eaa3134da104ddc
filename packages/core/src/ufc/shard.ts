import { md5Uint32 } from "../hash/md5.js";
import type { RangeWire, ShardWire } from "./wire.js";

/** Tells whether a subject key falls into one shard condition of a split. */
export type ShardPredicate = (subjectKey: string) => boolean;

/** The shard of a subject, in the space of one salt. */
export type Sharder = (subjectKey: string) => number;

/**
 * Compiles one shard condition: `uint32be(md5(salt + "-" + subjectKey)) mod totalShards` lies in one
 * of the ranges. A subject key with a lone surrogate makes it throw, as in the vendor's SDK.
 *
 * @param totalShards - size of the shard space; with 0 the shard is NaN, which lies nowhere.
 * @param sharders - by salt; conditions of one shard space that are given the same map hash a subject
 * once between them.
 */
export function compileShard(
  wire: ShardWire,
  totalShards: number,
  sharders: Map<string, Sharder> = new Map(),
): ShardPredicate {
  const { salt, ranges, failure } = wire;
  const shardOf = sharders.get(salt) ?? createSharder(salt, totalShards);
  sharders.set(salt, shardOf);
  if (failure === undefined) return (subjectKey) => isInRanges(shardOf(subjectKey), ranges);
  return (subjectKey) => {
    if (isInRanges(shardOf(subjectKey), ranges)) return true;
    throw failure;
  };
}

/** Keeps its last answer: the splits of an allocation ask for the same subject one after the other. */
function createSharder(salt: string, totalShards: number): Sharder {
  const prefix = `${salt}-`;
  let lastKey: string | null = null;
  let lastShard = Number.NaN;
  return (subjectKey) => {
    if (subjectKey !== lastKey) {
      lastShard = md5Uint32(prefix + subjectKey) % totalShards;
      lastKey = subjectKey;
    }
    return lastShard;
  };
}

/** An empty list of ranges contains nothing. */
export function isInRanges(shard: number, ranges: readonly RangeWire[]): boolean {
  // Indexed loop: this runs for every split of every evaluation.
  for (let i = 0; i < ranges.length; i++) {
    const range = ranges[i] as RangeWire; // i < length
    if (range.start <= shard && shard < range.end) return true;
  }
  return false;
}
