import { coverAll, type Decoded, type How, howOf, soundOf } from "@sortition/core/dialect";
import { type Bucket, DISTRIBUTION_SHARDS } from "./bucket.js";

const PERCENTILES = 100;

/** What decides how a segment assigns. What is malformed in it throws before it assigns. */
interface SegmentContent {
  /** `null`: it has none. */
  readonly rules: Decoded<readonly Decoded<readonly unknown[]>[]> | null;
  readonly bucket: Decoded<Bucket> | null;
  /** Its own variant; `undefined`: none. */
  readonly variant: unknown;
}

export function howOfSegment({ bucket, rules, variant }: SegmentContent, isFirst: boolean): How {
  return howOf({
    hasConditions: soundOf(rules ?? []).some(({ length }) => length > 0),
    isSplit: () => bucket !== null && "allocations" in bucket && isSplit(bucket, variant),
    isFirst,
  });
}

/** A user outside of all distributions of an allocation gets the segment's own variant, or goes to the next segment. */
function isSplit(bucket: Bucket, own: unknown): boolean {
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
