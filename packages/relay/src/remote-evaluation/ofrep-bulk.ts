import { createHash } from "node:crypto";
import type { ContextSubject } from "@sortition/openfeature/resolution";
import type { Token } from "../access/tokens.js";
import type { Evaluation } from "../environment/environment.js";
import { type AnswerFacts, answerOf, type FlagAnswer } from "./ofrep-answer.js";

/** Addresses that an answer names. */
export interface BulkAddresses {
  /** Of the stream of changes. */
  readonly events: { readonly origin?: string; readonly requestUri: string };
  /** For exposures; `null` without loggers. */
  readonly exposures: string | null;
}

/** All flags of a subject, ready to be sent. */
export interface BulkAnswer {
  readonly body: Buffer;
  /**
   * SHA-256 of the whole body, in quotation marks. Providers keep their tag when the context changes, so a tag of the
   * configuration alone would leave them with old values.
   */
  readonly etag: string;
}

/** Evaluates all flags of a token. Nothing is logged, because the page has not displayed them yet. */
export function bulkAnswerOf(
  { quiet }: Evaluation,
  { hasFlag }: Token,
  subject: ContextSubject,
  facts: AnswerFacts,
  { events, exposures }: BulkAddresses,
): BulkAnswer {
  const flags: FlagAnswer[] = [];
  for (const key of quiet.getFlagKeys()) {
    if (!hasFlag(key)) continue;
    const answer = answerOf(quiet, key, subject, facts);
    // The protocol has no such code in a list.
    if (!("errorCode" in answer && answer.errorCode === "FLAG_NOT_FOUND")) flags.push(answer);
  }
  const content = {
    flags,
    ...(exposures !== null && { metadata: { exposures } }),
    eventStreams: [{ type: "sse", endpoint: events }],
  };
  const body = Buffer.from(JSON.stringify(content));
  return { body, etag: `"${createHash("sha256").update(body).digest("hex")}"` };
}
