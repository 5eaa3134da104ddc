import { createHash } from "node:crypto";
import type { Configuration } from "@sortition/core";
import type { ContextSubject } from "@sortition/openfeature/resolution";
import type { Token } from "../../access/tokens.js";
import type { Evaluation } from "../../environment/environment.js";
import { hasHashedKeys } from "../../environment/hashed-keys.js";
import type { Turns } from "../turns.js";
import { type AnswerFacts, answerOf, type FlagAnswer } from "./answer.js";

/** Addresses that a response contains. */
export interface BulkAddresses {
  /** Address of the change stream. */
  readonly events: { readonly origin?: string; readonly requestUri: string };
  /** Address for exposures; `null` without loggers. */
  readonly exposures: string | null;
}

/** All flags of a subject, ready to be sent. */
export interface BulkAnswer {
  readonly body: Buffer;
  /**
   * SHA-256 of the whole body, 64 hexadecimal digits. A tag of the configuration alone would leave providers with old values,
   * because they send the same tag after the context has changed.
   */
  readonly sha256: string;
}

/** Returns the keys of the flags that a token may evaluate. If keys are hashed, these are the keys that it lists in full. */
export function keysFor(
  { flagKeys, hasFlag }: Token,
  configuration: Configuration,
): readonly string[] {
  if (hasHashedKeys(configuration)) return flagKeys;
  return [...configuration.flagKeys].filter(hasFlag);
}

/**
 * Evaluates several flags. Logs no exposures, because the page has not displayed the flags yet.
 *
 * @returns `null` if the request has used up its time.
 */
export async function bulkAnswerOf(
  { quiet }: Evaluation,
  keys: Iterable<string>,
  subject: ContextSubject,
  facts: AnswerFacts,
  { events, exposures }: BulkAddresses,
  turns: Turns,
): Promise<BulkAnswer | null> {
  const flags: FlagAnswer[] = [];
  for (const key of keys) {
    if (!(await turns.next())) return null;
    const answer = answerOf(quiet, key, subject, facts);
    // The protocol does not have this code in bulk responses.
    if (!("errorCode" in answer && answer.errorCode === "FLAG_NOT_FOUND")) flags.push(answer);
  }
  const content = {
    flags,
    ...(exposures !== null && { metadata: { exposures } }),
    eventStreams: [{ type: "sse", endpoint: events }],
  };
  const body = Buffer.from(JSON.stringify(content));
  return { body, sha256: createHash("sha256").update(body).digest("hex") };
}
