import crypto from "node:crypto";
import { md5Prefix, md5Uint32 } from "@sortition/core/dialect";
import type { Participant, Task } from "../cells/cell.js";
import { subjectTask } from "../cells/subject-task.js";
import { TOTAL_SHARDS } from "../workload/flags.js";

export const OWN_MD5 = "floor: own md5";
export const OWN_MD5_AND_LOOK_UP = "floor: own md5 + look-up";
export const ALL_HASHES = "floor: own md5 of each";
export const CRYPTO_HASH = "floor: crypto.hash";
export const JSON_PARSE = "floor: JSON.parse";
const DECODE_AND_PARSE = "floor: decode + JSON.parse";

/** What is hashed for a subject, at least once. */
export interface HashWorkload {
  readonly flagKey: string;
  readonly salt: string;
  readonly subjects: () => readonly string[];
}

/** What no evaluation that hashes can be faster than. */
export function hashFloors(workload: HashWorkload): readonly Participant[] {
  return [ownMd5(workload), ownMd5AndLookUp(workload), cryptoHash(workload)];
}

/** What nobody who hashes a subject for each of these salts can be faster than. */
export function allHashes(
  salts: readonly string[],
  subjects: () => readonly string[],
): Participant {
  const prefixes = salts.map((salt) => md5Prefix(`${salt}-`));
  return {
    name: ALL_HASHES,
    prepare: async () =>
      subjectTask({
        topic: "hashes",
        subjects: subjects(),
        ask(subject) {
          let sum = 0;
          for (const prefix of prefixes) sum += md5Uint32(subject, prefix) & 0xff;
          return sum;
        },
        digest: (sum) => sum,
      }),
  };
}

/** Our MD5 alone, without anything around it. */
export function ownMd5({ salt, subjects }: Omit<HashWorkload, "flagKey">): Participant {
  const prefix = md5Prefix(`${salt}-`);
  return {
    name: OWN_MD5,
    prepare: async () =>
      subjectTask({
        topic: "hashes",
        subjects: subjects(),
        ask: (subject) => md5Uint32(subject, prefix),
        digest: (hash) => hash & 0xff,
      }),
  };
}

function ownMd5AndLookUp({ flagKey, salt, subjects }: HashWorkload): Participant {
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

function cryptoHash({ salt, subjects }: HashWorkload): Participant {
  const prefix = `${salt}-`;
  return {
    name: CRYPTO_HASH,
    absence: () =>
      typeof crypto.hash === "function" ? null : `Node ${process.version} has no crypto.hash`,
    prepare: async () =>
      subjectTask({
        topic: "hashes",
        subjects: subjects(),
        // Hexadecimal is its fastest output.
        ask: (subject) => crypto.hash("md5", prefix + subject, "hex"),
        digest: (hex) => hex.charCodeAt(0),
        answerOf: (hex) => Number.parseInt(hex.slice(0, 8), 16),
      }),
  };
}

/** What reading a whole configuration costs with the platform's means: from its text, and from its bytes. */
export function parseFloors(bytesOf: () => Uint8Array): readonly Participant[] {
  return [
    {
      name: JSON_PARSE,
      async prepare() {
        const text = new TextDecoder().decode(bytesOf());
        return parseTask(() => JSON.parse(text));
      },
    },
    {
      name: DECODE_AND_PARSE,
      async prepare() {
        const bytes = bytesOf();
        return parseTask(() => JSON.parse(new TextDecoder().decode(bytes)));
      },
    },
  ];
}

function parseTask(parse: () => { readonly flags: object }): Task {
  // Kept as an SDK keeps its configuration: the garbage of one round is not freed within it.
  let parsed = parse();
  return {
    answers: { flagCount: [Object.keys(parsed.flags).length] },
    run(operations) {
      let sum = 0;
      for (let i = 0; i < operations; i++) {
        parsed = parse();
        sum += "flags" in parsed ? 1 : 0;
      }
      return sum;
    },
  };
}
