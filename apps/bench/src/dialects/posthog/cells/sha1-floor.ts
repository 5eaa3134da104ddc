import { sha1Uint60 } from "@sortition/core/dialect";
import { sha1Prefix } from "@sortition/core/dialect-internal";
import type { Participant } from "../../../cells/cell.js";
import { floor } from "../../../floors/floor.js";
import { posthogWriter } from "../writer.js";

/** Lower bound of an evaluation with one hash: the hash, and the selection of the variant. */
export const ONE_SHA1 = "floor: own sha1";
/** Lower bound of an evaluation that hashes both rollout and variants. */
export const TWO_SHA1 = "floor: own sha1, twice";

export function oneSha1(flagKey: string): Participant {
  const [lower, upper] = posthogWriter.halves as readonly [string, string]; // PostHog's variants are strings
  const prefix = sha1Prefix(`${flagKey}.`);
  return floor({
    name: ONE_SHA1,
    topic: "values",
    ask: (subject) => (sha1Uint60(`${subject}variant`, prefix) < 2 ** 59 ? lower : upper),
    digest: (value) => value.length,
  });
}

export function twoSha1(flagKey: string): Participant {
  const prefix = sha1Prefix(`${flagKey}.`);
  return floor({
    name: TWO_SHA1,
    topic: "hashes",
    ask: (subject) => sha1Uint60(subject, prefix) + sha1Uint60(`${subject}variant`, prefix),
    digest: (hash) => hash % 256,
  });
}
