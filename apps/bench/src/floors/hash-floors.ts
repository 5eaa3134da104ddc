import crypto from "node:crypto";
import { md5Prefix, md5Uint32, sha1Prefix, sha1Uint60 } from "@sortition/core/dialect";
import type { Participant } from "../cells/cell.js";
import { floor } from "./floor.js";

export const OWN_MD5 = "floor: own md5";

/** The hashed string: a salt, a dash and the subject's key. */
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

export function cryptoHash(
  algorithm: "md5" | "sha1",
  { salt, subjects }: HashWorkload,
): Participant {
  const prefix = `${salt}-`;
  const digits = algorithm === "md5" ? 8 : 15;
  return floor({
    ...{ name: cryptoName(algorithm), topic: algorithm, subjects },
    // Hexadecimal is the fastest output of `crypto.hash`.
    ask: (subject) => crypto.hash(algorithm, prefix + subject, "hex"),
    digest: (hex) => hex.charCodeAt(0),
    // Uses only as many digits as our hash has.
    answerOf: (hex) => Number.parseInt(hex.slice(0, digits), 16),
  });
}

export function cryptoName(algorithm: string): string {
  return `floor: crypto.hash ${algorithm}`;
}
