import type { Answers } from "../../../cells/cell.js";
import { shareOf, TOTAL_SHARDS } from "../workload/flags.js";

/**
 * Returns what is wrong with assignments by an even split, or `null`: the floors must hash what the SDKs
 * hash, and the SDKs must assign the value of the subject's shard.
 *
 * @param values - in the order of the splits. Other assignments are those of subjects without a matching rule.
 */
export function findFaultOfShards(
  { md5 = [], shards = [] }: Answers,
  assignments: readonly unknown[],
  values: readonly unknown[],
): string | null {
  for (const [i, shard] of (shards as readonly number[]).entries()) {
    // what the floor answers
    const [hash, value] = [md5[i] as number, assignments[i]]; // the floors answer together
    if (hash % TOTAL_SHARDS !== shard) return `shard ${shard} is not that of the hash ${hash}`;
    const expected = values[shareOf(shard, values.length)];
    if (values.includes(value) && value !== expected) {
      return `shard ${shard} is assigned "${value}", not "${expected}"`;
    }
  }
  return null;
}
