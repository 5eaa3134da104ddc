import { md5Uint32 } from "../hash/md5.js";

/** Size of the shard space of bandits; a flag's own has no say. */
const SHARDS = 10_000;

/**
 * Draws an action for a subject: actions are put in an order that the subject's hash decides, and the
 * first one at which the running sum of weights exceeds another hash is taken. As weights shift, so do
 * few subjects, and those of one action not all to the same other one.
 *
 * @returns its index; -1 if none is reached, by rounding or because weights are NaN.
 * @throws URIError if a key has a lone surrogate, as the vendor's MD5 library does.
 */
export function select(
  flagKey: string,
  subjectKey: string,
  names: readonly string[],
  weights: Float64Array,
): number {
  const prefix = `${flagKey}-${subjectKey}`;
  const order = shuffled(`${prefix}-`, names);
  const threshold = (md5Uint32(prefix) % SHARDS) / SHARDS;
  const count = names.length;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const index = (order[i] as number) % count; // i < length
    sum += weights[index] as number;
    if (sum > threshold) return index;
  }
  return -1;
}

/** Actions in the subject's order, as `shard * count + index`: a number tells both, and sorts fast. */
function shuffled(prefix: string, names: readonly string[]): Float64Array {
  const count = names.length;
  const order = new Float64Array(count);
  // Quirk: the vendor hashes as it compares, so that the name of an only action is never hashed (eppo).
  if (count === 1) return order;
  for (let i = 0; i < count; i++) {
    order[i] = (md5Uint32(prefix + names[i]) % SHARDS) * count + i;
  }
  order.sort();
  breakTies(order, names);
  return order;
}

/** Actions of one shard stand in the order of their names. Rare, and few. */
function breakTies(order: Float64Array, names: readonly string[]): void {
  const count = names.length;
  const shardAt = (i: number): number => Math.floor((order[i] as number) / count);
  const nameAt = (i: number): string => names[(order[i] as number) % count] as string;
  for (let i = 1; i < count; i++) {
    for (let j = i; j > 0 && shardAt(j - 1) === shardAt(j) && nameAt(j) < nameAt(j - 1); j--) {
      const behind = order[j] as number;
      order[j] = order[j - 1] as number;
      order[j - 1] = behind;
    }
  }
}
