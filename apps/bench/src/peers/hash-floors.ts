import crypto from "node:crypto";
import { md5Prefix, md5Uint32, sha1Prefix, sha1Uint60 } from "@sortition/core/dialect";
import type { Participant } from "../cells/cell.js";
import { subjectTask } from "../cells/subject-task.js";
import { shareOf, TOTAL_SHARDS } from "../workload/flags.js";

export const OWN_MD5 = "floor: own md5";
export const OWN_MD5_AND_LOOK_UP = "floor: own md5 + look-up";
export const OWN_MD5_OF_EACH = "floor: own md5 of each";
export const OWN_SHA1 = "floor: own sha1";
export const CRYPTO_MD5 = "floor: crypto.hash md5";
export const CRYPTO_SHA1 = "floor: crypto.hash sha1";

/** What is hashed: a salt, a dash and the subject's key. */
export interface HashWorkload {
  readonly salt: string;
  readonly subjects: () => readonly string[];
}

/** What no evaluation that hashes can be faster than. */
export function hashFloors(
  workload: HashWorkload & { readonly flagKey: string },
): readonly Participant[] {
  return [ownMd5(workload), ownMd5AndLookUp(workload), cryptoMd5(workload)];
}

/** Our MD5 alone, without anything around it. */
export function ownMd5({ salt, subjects }: HashWorkload): Participant {
  const prefix = md5Prefix(`${salt}-`);
  return {
    name: OWN_MD5,
    prepare: async () =>
      subjectTask({
        topic: "md5",
        subjects: subjects(),
        ask: (subject) => md5Uint32(subject, prefix),
        digest: (hash) => hash & 0xff,
      }),
  };
}

/** Our SHA-1 alone, for dialects that need it. */
export function ownSha1({ salt, subjects }: HashWorkload): Participant {
  const prefix = sha1Prefix(`${salt}-`);
  return {
    name: OWN_SHA1,
    prepare: async () =>
      subjectTask({
        topic: "sha1",
        subjects: subjects(),
        ask: (subject) => sha1Uint60(subject, prefix),
        digest: (hash) => hash & 0xff,
      }),
  };
}

/** The platform's MD5. */
export function cryptoMd5(workload: HashWorkload): Participant {
  return cryptoHash(CRYPTO_MD5, "md5", 8, workload);
}

/** The platform's SHA-1. */
export function cryptoSha1(workload: HashWorkload): Participant {
  return cryptoHash(CRYPTO_SHA1, "sha1", 15, workload);
}

/** What nobody who hashes a subject for each of these salts, and cuts each in halves, can be faster than. */
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
        // Halves are none of what is timed.
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

function cryptoHash(
  name: string,
  algorithm: "md5" | "sha1",
  digits: number,
  { salt, subjects }: HashWorkload,
): Participant {
  const prefix = `${salt}-`;
  return {
    name,
    absence: () =>
      typeof crypto.hash === "function" ? null : `Node ${process.version} has no crypto.hash`,
    prepare: async () =>
      subjectTask({
        topic: algorithm,
        subjects: subjects(),
        // Hexadecimal is its fastest output.
        ask: (subject) => crypto.hash(algorithm, prefix + subject, "hex"),
        digest: (hex) => hex.charCodeAt(0),
        answerOf: (hex) => Number.parseInt(hex.slice(0, digits), 16),
      }),
  };
}
