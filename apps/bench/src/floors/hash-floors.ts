import crypto from "node:crypto";
import { md5Uint32 } from "@sortition/core/dialect";
import { md5Prefix } from "@sortition/core/dialect-internal";
import type { Participant } from "../cells/cell.js";
import { floor } from "./floor.js";

export const OWN_MD5 = "floor: own md5";

/** The hashed string: a salt, a dash and the subject's key. */
export interface HashWorkload {
  readonly salt: string;
  readonly subjects: () => readonly string[];
}

export function ownMd5({ salt, subjects }: HashWorkload): Participant {
  const prefix = md5Prefix(`${salt}-`);
  const ask = (subject: string): number => md5Uint32(subject, prefix);
  return floor({ name: OWN_MD5, topic: "md5", subjects, ask, digest: (hash) => hash & 0xff });
}

export function cryptoMd5({ salt, subjects }: HashWorkload): Participant {
  const prefix = `${salt}-`;
  return floor({
    ...{ name: "floor: crypto.hash md5", topic: "md5", subjects },
    // Hexadecimal is the fastest output of `crypto.hash`.
    ask: (subject) => crypto.hash("md5", prefix + subject, "hex"),
    digest: (hex) => hex.charCodeAt(0),
    // Uses only as many digits as our hash has.
    answerOf: (hex) => Number.parseInt(hex.slice(0, 8), 16),
  });
}
