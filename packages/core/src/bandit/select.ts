import { md5Int32, md5Prefix, md5Uint32 } from "../hash/md5.js";
import { ActionQueue } from "./action-queue.js";

/** Number of shards for bandits. The flag's `totalShards` is not used. */
const SHARDS = 10_000;

/**
 * Draws an action for a subject. Actions are ordered by hashes of the subject, and the first one at which the
 * cumulative weight exceeds another hash is chosen. So few subjects move when weights change, and the subjects of one
 * action do not all move to the same other action.
 *
 * @returns the index of the action, or -1 if none is reached because of rounding or NaN weights.
 * @throws URIError if a key has a lone surrogate, as the vendor's MD5 library does.
 */
export function select(
  flagKey: string,
  subjectKey: string,
  names: readonly string[],
  weights: readonly number[],
): number {
  const text = `${flagKey}-${subjectKey}`;
  const queue = new ActionQueue(names, shardsOf(`${text}-`, names));
  const threshold = (md5Uint32(text) % SHARDS) / SHARDS;
  let sum = 0;
  for (let left = names.length; left > 0; left--) {
    const index = queue.next();
    sum += weights[index] as number;
    if (sum > threshold) return index;
  }
  return -1;
}

function shardsOf(prefix: string, names: readonly string[]): readonly number[] {
  const count = names.length;
  const shards = new Array<number>(count).fill(0);
  // Quirk: the vendor hashes names while it compares them, so the name of a single action is never hashed (eppo).
  if (count === 1) return shards;
  const prepared = md5Prefix(prefix);
  for (let i = 0; i < count; i++)
    shards[i] = (md5Int32(names[i] as string, prepared) >>> 0) % SHARDS;
  return shards;
}
