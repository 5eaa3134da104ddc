import { md5Uint32 } from "../hash/md5.js";
import type { RangeWire, ShardWire } from "./wire.js";

/** Tells whether a subject key falls into one shard condition of a split. */
export type ShardPredicate = (subjectKey: string) => boolean;

/**
 * Compiles one shard condition: `uint32be(md5(salt + "-" + subjectKey)) mod totalShards` lies in one
 * of the ranges. A subject key with a lone surrogate makes it throw, as in the vendor's SDK.
 *
 * @param totalShards - size of the shard space; with 0 the shard is NaN, which lies nowhere.
 */
export function compileShard(wire: ShardWire, totalShards: number): ShardPredicate {
  const prefix = `${wire.salt}-`;
  const { ranges } = wire;
  return (subjectKey) => isInRanges(md5Uint32(prefix + subjectKey) % totalShards, ranges);
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
