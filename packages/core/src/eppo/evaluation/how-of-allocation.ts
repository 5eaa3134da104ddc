import type { Decoded } from "../../conditions/decode.js";
import { coverAll, howOf, soundOf } from "../../conditions/how.js";
import type { How } from "../../model/evaluation.js";
import type { AllocationWire } from "../wire.js";
import { readableRanges } from "./shard.js";

/**
 * Returns how an allocation assigns. Malformed parts throw before a subject is assigned through them. Several splits of
 * one variation that only together cover all subjects are treated as a split.
 */
export function howOfAllocation(
  { rules, splits }: AllocationWire,
  totalShards: Decoded<number>,
  isFirst: boolean,
): How {
  const sound = soundOf(splits);
  return howOf({
    hasConditions: soundOf(rules).some(({ conditions }) => soundOf(conditions).length > 0),
    isSplit: () =>
      new Set(sound.map(({ variationKey }) => variationKey)).size > 1 ||
      !sound.some(({ shards }) =>
        soundOf(shards).every((it) => coverAll(readableRanges(it.ranges), Number(totalShards))),
      ),
    isFirst,
  });
}
