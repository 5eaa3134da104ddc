import { md5Prefix, md5Uint32 } from "@sortition/core/dialect";
import type { Participant } from "../../../cells/cell.js";
import { subjectTask } from "../../../cells/subject-task.js";
import { cryptoMd5, type HashWorkload, ownMd5 } from "../../../floors/hash-floors.js";
import { shareOf, TOTAL_SHARDS } from "../workload/flags.js";

export const OWN_MD5_AND_LOOK_UP = "floor: own md5 + look-up";
export const OWN_MD5_OF_EACH = "floor: own md5 of each";

/** Lower bounds of every evaluation that hashes. */
export function hashFloors(
  workload: HashWorkload & { readonly flagKey: string },
): readonly Participant[] {
  return [ownMd5(workload), ownMd5AndLookUp(workload), cryptoMd5(workload)];
}

/** Lower bound of every evaluation that hashes a subject with each of these salts. */
export function ownMd5OfEach(
  salts: readonly string[],
  subjects: () => readonly string[],
): Participant {
  const prefixes = salts.map((salt) => md5Prefix(`${salt}-`));
  const isOn = (hash: number): boolean => shareOf(hash % TOTAL_SHARDS, 2) === 1;
  return {
    name: OWN_MD5_OF_EACH,
    prepare: async () =>
      subjectTask({
        topic: "countsOn",
        subjects: subjects(),
        sampleSize: 100,
        ask(subject) {
          let sum = 0;
          for (const prefix of prefixes) sum += md5Uint32(subject, prefix) & 0xff;
          return sum;
        },
        digest: (sum) => sum,
        // Computing halves is not timed.
        answerOf: (_, subject) =>
          prefixes.filter((prefix) => isOn(md5Uint32(subject, prefix))).length,
      }),
  };
}

function ownMd5AndLookUp({
  flagKey,
  salt,
  subjects,
}: HashWorkload & { readonly flagKey: string }): Participant {
  const flags = new Map([[flagKey, { prefix: md5Prefix(`${salt}-`), totalShards: TOTAL_SHARDS }]]);
  const shardOf = (subject: string): number => {
    const flag = flags.get(flagKey);
    return flag === undefined ? -1 : md5Uint32(subject, flag.prefix) % flag.totalShards;
  };
  return {
    name: OWN_MD5_AND_LOOK_UP,
    prepare: async () =>
      subjectTask({
        topic: "shards",
        subjects: subjects(),
        ask: shardOf,
        digest: (shard) => shard,
      }),
  };
}
