import { DecodeError, type TrafficShares } from "@sortition/core/dialect";
import { DISTRIBUTION_SHARDS, type HalfOpenRange, PERCENTILES } from "../evaluation/bucket.js";
import type { Segment } from "../evaluation/segment.js";
import type { SegmentSplit } from "./split.js";

/**
 * Returns the shares of the users that match the conditions, by variant, or `null` if a part of the
 * bucket is malformed.
 *
 * @param splits - the segment's splits.
 */
export function trafficOf(
  { bucket }: Segment,
  splits: readonly SegmentSplit[],
): TrafficShares | null {
  if (bucket instanceof DecodeError) return null;
  if (splits.some(({ description }) => description.problem !== null)) return null;
  const byVariation = new Map<string, number>();
  let assigned = 0;
  const add = (variation: string, share: number): void => {
    if (share <= 0) return;
    byVariation.set(variation, (byVariation.get(variation) ?? 0) + share);
    assigned += share;
  };
  for (let percentile = 0; percentile < PERCENTILES; percentile++) {
    for (const { start, end } of piecesOf(splits, percentile)) {
      const first = splits.find((split) => covers(split, percentile, start));
      const share = (end - start) / DISTRIBUTION_SHARDS / PERCENTILES;
      if (first !== undefined) add(first.description.variation, share);
    }
  }
  return { byVariation, unassigned: Math.max(0, 1 - assigned) };
}

/** Returns the ranges into which the bounds of all parts divide one percentile. */
function piecesOf(splits: readonly SegmentSplit[], percentile: number): readonly HalfOpenRange[] {
  const bounds = splits.flatMap(({ ranges }) =>
    ranges !== null && isIn(ranges.percentile, percentile)
      ? [ranges.share.start, ranges.share.end]
      : [],
  );
  const inside = bounds.filter((bound) => bound > 0 && bound < DISTRIBUTION_SHARDS);
  const cuts = [0, ...new Set(inside), DISTRIBUTION_SHARDS].sort((a, b) => a - b);
  return cuts.slice(1).map((end, i) => ({ start: cuts[i] as number, end })); // i < length
}

function covers({ ranges }: SegmentSplit, percentile: number, share: number): boolean {
  return ranges === null || (isIn(ranges.percentile, percentile) && isIn(ranges.share, share));
}

function isIn({ start, end }: HalfOpenRange, shard: number): boolean {
  return start <= shard && shard < end;
}
