import type { Decoded } from "../../conditions/decode.js";
import { coverAll, howOf, soundOf } from "../../conditions/how.js";
import type { How } from "../../model/evaluation.js";
import type { AllocationWire } from "../wire.js";
import { readableRanges } from "./shard.js";

/** How an allocation assigns. */
export interface AllocationEffect {
  readonly how: How;
  /** Whether its splits exclude some subjects or have several variations. */
  readonly isSplit: boolean;
}

/**
 * Returns how an allocation assigns. Malformed parts throw before a subject is assigned through them. Several splits of
 * one variation that only together cover all subjects are treated as a split.
 */
export function effectOfAllocation(
  { rules, splits }: AllocationWire,
  totalShards: Decoded<number>,
  isFirst: boolean,
): AllocationEffect {
  const sound = soundOf(splits);
  const isSplit =
    new Set(sound.map(({ variationKey }) => variationKey)).size > 1 ||
    !sound.some(({ shards }) =>
      soundOf(shards).every((it) => coverAll(readableRanges(it.ranges), Number(totalShards))),
    );
  const how = howOf({
    hasConditions: soundOf(rules).some(({ conditions }) => soundOf(conditions).length > 0),
    isSplit: () => isSplit,
    isFirst,
  });
  return { how, isSplit };
}
