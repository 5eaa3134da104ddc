import { md5Uint32 } from "@sortition/core/dialect";
import { md5Prefix } from "@sortition/core/dialect-internal";
import type { Answers, Participant } from "../../../cells/cell.js";
import { FLAG } from "../../../cells/evaluations.js";
import { floor } from "../../../floors/floor.js";
import { cryptoMd5, type HashWorkload, ownMd5 } from "../../../floors/hash-floors.js";
import { shortSubjectKeys } from "../../../workload/subjects.js";
import { saltOf, shareOf, TOTAL_SHARDS } from "../writer.js";

export const OWN_MD5_AND_LOOK_UP = "floor: own md5 + look-up";
export const OWN_MD5_OF_EACH = "floor: own md5 of each";

/** Creates the lower bounds for evaluations that hash a subject. */
export function hashFloors(): readonly Participant[] {
  const workload: HashWorkload = { salt: saltOf(FLAG), subjects: shortSubjectKeys };
  return [ownMd5(workload), ownMd5AndLookUp(workload), cryptoMd5(workload)];
}

/** Creates the lower bound for evaluating these flags for one subject, which takes one hash per flag. */
export function ownMd5OfEach(flagKeys: readonly string[]): Participant {
  const prefixes = flagKeys.map((it) => md5Prefix(`${saltOf(it)}-`));
  const isOn = (hash: number): boolean => shareOf(hash % TOTAL_SHARDS, 2) === 1;
  return floor({
    name: OWN_MD5_OF_EACH,
    topic: "countsOn",
    sampleSize: 100,
    ask(subject) {
      let sum = 0;
      for (const prefix of prefixes) sum += md5Uint32(subject, prefix) & 0xff;
      return sum;
    },
    digest: (sum) => sum,
    // This is not timed, because it only checks the answers.
    answerOf: (_, subject) => prefixes.filter((it) => isOn(md5Uint32(subject, it))).length,
  });
}

function ownMd5AndLookUp({ salt, subjects }: HashWorkload): Participant {
  const flags = new Map([[FLAG, { prefix: md5Prefix(`${salt}-`), totalShards: TOTAL_SHARDS }]]);
  const ask = (subject: string): number => {
    const flag = flags.get(FLAG);
    return flag === undefined ? -1 : md5Uint32(subject, flag.prefix) % flag.totalShards;
  };
  const digest = (shard: number): number => shard;
  return floor({ name: OWN_MD5_AND_LOOK_UP, topic: "shards", subjects, ask, digest });
}

/**
 * Returns what is wrong with the assignments of an even split, or `null`. Floors and SDKs must hash the same strings, and SDKs
 * must assign the value of the subject's shard.
 *
 * @param splits - values in the order of the splits. Subjects without a matching rule have other values.
 */
export function findFaultOfShards(splits: readonly unknown[]): (answers: Answers) => string | null {
  return ({ md5 = [], shards = [], values = [] }) => {
    // Results of the floor.
    for (const [i, shard] of (shards as readonly number[]).entries()) {
      const [hash, value] = [md5[i] as number, values[i]]; // floors report both topics
      if (hash % TOTAL_SHARDS !== shard) return `shard ${shard} is not that of the hash ${hash}`;
      const expected = splits[shareOf(shard, splits.length)];
      if (splits.includes(value) && value !== expected) {
        return `shard ${shard} is assigned "${value}", not "${expected}"`;
      }
    }
    return null;
  };
}
