import type { Decoded } from "../../conditions/decode.js";
import { coverAll, howOf } from "../../conditions/how.js";
import { DecodeError } from "../../errors/errors.js";
import type { How } from "../../model/evaluation.js";
import { readableRanges } from "./shard.js";
import type { AllocationWire, RangeWire } from "./wire.js";

/** How an allocation assigns. Malformed parts throw before anybody is assigned through them. */
export function howOfAllocation(
  { rules, splits }: AllocationWire,
  totalShards: Decoded<number>,
  isFirst: boolean,
): How {
  return howOf({
    hasConditions:
      !(rules instanceof DecodeError) &&
      rules.some((it) => !(it instanceof DecodeError) && isFilled(it.conditions)),
    isSplit: () => isSplit(splits, totalShards),
    isFirst,
  });
}

function isFilled(list: Decoded<readonly unknown[]>): boolean {
  return list instanceof DecodeError || list.length > 0;
}

/** Ranges of one salt are added up; splits with shards of several salts are taken to leave subjects out. */
function isSplit(splits: AllocationWire["splits"], totalShards: Decoded<number>): boolean {
  if (splits instanceof DecodeError || totalShards instanceof DecodeError) return true;
  const [first] = splits;
  const variation = first instanceof DecodeError ? null : first?.variationKey;
  const bySalt = new Map<unknown, RangeWire[]>();
  let isForAll = false;
  for (const split of splits) {
    if (split instanceof DecodeError || split.variationKey !== variation) return true;
    if (split.shards instanceof DecodeError) return true;
    let partial = 0;
    for (const shard of split.shards) {
      if (shard instanceof DecodeError) return true;
      const ranges = readableRanges(shard.ranges);
      if (coverAll(ranges, totalShards)) continue;
      partial += 1;
      if (split.shards.length === 1) {
        bySalt.set(shard.salt, [...(bySalt.get(shard.salt) ?? []), ...ranges]);
      }
    }
    if (partial === 0) isForAll = true;
  }
  return !isForAll && ![...bySalt.values()].some((ranges) => coverAll(ranges, totalShards));
}
