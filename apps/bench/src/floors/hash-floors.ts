import crypto from "node:crypto";
import { md5Prefix, md5Uint32, sha1Prefix, sha1Uint60 } from "@sortition/core/dialect";
import type { Participant } from "../cells/cell.js";
import { subjectTask } from "../cells/subject-task.js";

export const OWN_MD5 = "floor: own md5";
const OWN_SHA1 = "floor: own sha1";
export const CRYPTO_MD5 = "floor: crypto.hash md5";
export const CRYPTO_SHA1 = "floor: crypto.hash sha1";

/** What is hashed: a salt, a dash and the subject's key. */
export interface HashWorkload {
  readonly salt: string;
  readonly subjects: () => readonly string[];
}

/** Our MD5 alone. */
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
