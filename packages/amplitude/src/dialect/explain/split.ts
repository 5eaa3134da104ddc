import {
  DecodeError,
  isJsonObject,
  type JsonObject,
  type ShardDescription,
  type SplitDescription,
} from "@sortition/core/dialect";
import {
  type Bucket,
  DISTRIBUTION_SHARDS,
  type HalfOpenRange,
  PERCENTILES,
} from "../evaluation/bucket.js";
import type { Outcome } from "../evaluation/outcome.js";
import type { Segment } from "../evaluation/segment.js";
import { shownText } from "./shown-text.js";

/** Part of a segment's traffic. */
export interface SegmentSplit {
  readonly description: SplitDescription;
  readonly outcome: Outcome | null;
  /** Ranges of the two shards. `null`: it receives every subject that no earlier part receives. */
  readonly ranges: { readonly percentile: HalfOpenRange; readonly share: HalfOpenRange } | null;
}

/**
 * Returns the parts of a segment's traffic in the order in which they are tried.
 *
 * @param wire - the segment as received.
 */
export function splitsOf(segment: Segment, wire: JsonObject): readonly SegmentSplit[] {
  const { bucket, outcome } = segment;
  const { variant } = wire;
  const own: SegmentSplit[] =
    variant === undefined
      ? []
      : [
          {
            description: { variation: shownText(variant), shards: [], problem: problemOf(outcome) },
            outcome,
            ranges: null,
          },
        ];
  if (bucket === null) return own;
  if (bucket instanceof DecodeError) return [brokenSplit(bucket)];
  return [...bucketSplits(bucket, segment, wire["bucket"]), ...own];
}

function bucketSplits({ allocations }: Bucket, segment: Segment, wire: unknown): SegmentSplit[] {
  const salt = isJsonObject(wire) ? shownText(wire["salt"]) : "";
  if (allocations instanceof DecodeError) return [brokenSplit(allocations)];
  return allocations.flatMap((allocation) => {
    if (allocation instanceof DecodeError) return [brokenSplit(allocation)];
    const { distributions } = allocation;
    const percentile = rangeOf(allocation);
    if (distributions instanceof DecodeError) return [brokenSplit(distributions)];
    return distributions.map((distribution) => {
      if (distribution instanceof DecodeError) return brokenSplit(distribution);
      const { variant } = distribution;
      const outcome = segment.outcomeOf(variant);
      const share = rangeOf(distribution);
      const shards = [
        shardOf(salt, PERCENTILES, percentile),
        shardOf(salt, DISTRIBUTION_SHARDS, share),
      ];
      return {
        description: { variation: shownText(variant), shards, problem: problemOf(outcome) },
        outcome,
        ranges: { percentile, share },
      };
    });
  });
}

function rangeOf({ end, start }: HalfOpenRange): HalfOpenRange {
  return { start, end };
}

function problemOf(outcome: Outcome | null): string | null {
  return outcome === null ? "no such variant" : null;
}

function brokenSplit({ message }: DecodeError): SegmentSplit {
  return {
    description: { variation: "", shards: [], problem: message },
    outcome: null,
    ranges: null,
  };
}

function shardOf(salt: string, totalShards: number, range: HalfOpenRange): ShardDescription {
  return { salt, totalShards, ranges: [range], problem: null };
}
