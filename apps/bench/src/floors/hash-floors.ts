import crypto from "node:crypto";
import { md5Prefix, md5Uint32, sha1Prefix, sha1Uint60 } from "@sortition/core/dialect";
import type { Participant } from "../cells/cell.js";
import { floor } from "./floor.js";

export const OWN_MD5 = "floor: own md5";
export const CRYPTO_MD5 = "floor: crypto.hash md5";
export const CRYPTO_SHA1 = "floor: crypto.hash sha1";

/** What is hashed: a salt, a dash and the subject's key. */
export interface HashWorkload {
  readonly salt: string;
  readonly subjects: () => readonly string[];
}

export function ownMd5({ salt, subjects }: HashWorkload, name: string = OWN_MD5): Participant {
  const prefix = md5Prefix(`${salt}-`);
  return floor({ name, topic: "md5", subjects, ask: (it) => md5Uint32(it, prefix), digest });
}

export function ownSha1({ salt, subjects }: HashWorkload, name: string): Participant {
  const prefix = sha1Prefix(`${salt}-`);
  return floor({ name, topic: "sha1", subjects, ask: (it) => sha1Uint60(it, prefix), digest });
}

function digest(hash: number): number {
  return hash & 0xff;
}

export function cryptoMd5(workload: HashWorkload): Participant {
  return cryptoHash(CRYPTO_MD5, "md5", 8, workload);
}

export function cryptoSha1(workload: HashWorkload): Participant {
  return cryptoHash(CRYPTO_SHA1, "sha1", 15, workload);
}

function cryptoHash(
  name: string,
  topic: "md5" | "sha1",
  digits: number,
  { salt, subjects }: HashWorkload,
): Participant {
  const prefix = `${salt}-`;
  return floor({
    ...{ name, topic, subjects },
    // Hexadecimal is its fastest output.
    ask: (subject) => crypto.hash(topic, prefix + subject, "hex"),
    digest: (hex) => hex.charCodeAt(0),
    answerOf: (hex) => Number.parseInt(hex.slice(0, digits), 16),
  });
}
