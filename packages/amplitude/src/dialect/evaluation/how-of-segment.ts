import { type Decoded, type How, howOf } from "@sortition/core/dialect";
import { coverAll, soundOf } from "@sortition/core/dialect-internal";
import { type Bucket, DISTRIBUTION_SHARDS, PERCENTILES } from "./bucket.js";

/**
 * The parts that determine how a segment assigns variants. Malformed parts throw before it assigns.
 */
interface SegmentContent {
  /** `null` if the segment has none. */
  readonly rules: Decoded<readonly Decoded<readonly unknown[]>[]> | null;
  readonly bucket: Decoded<Bucket> | null;
  /** The segment's own variant, or `undefined`. */
  readonly variant: unknown;
}

/** How a segment assigns. */
export interface SegmentEffect {
  readonly how: How;
  /** Whether its bucket excludes some users or has several variants. */
  readonly isSplit: boolean;
}

export function effectOfSegment(
  { bucket, rules, variant }: SegmentContent,
  isFirst: boolean,
): SegmentEffect {
  const isSplit = bucket !== null && "allocations" in bucket && splits(bucket, variant);
  const hasConditions = soundOf(rules ?? []).some(({ length }) => length > 0);
  return { how: howOf({ hasConditions, isSplit: () => isSplit, isFirst }), isSplit };
}

/**
 * A user outside all distributions of an allocation is assigned the segment's own variant, or
 * continues with the next segment.
 */
function splits(bucket: Bucket, own: unknown): boolean {
  const allocations = soundOf(bucket.allocations);
  const variants = new Set(
    allocations.flatMap((it) => soundOf(it.distributions).map(({ variant }) => variant)),
  );
  if (own !== undefined) variants.add(own);
  const isForAll = allocations.some(
    (it) => coverAll([it], PERCENTILES) && coverAll(soundOf(it.distributions), DISTRIBUTION_SHARDS),
  );
  return variants.size > 1 || !isForAll;
}
