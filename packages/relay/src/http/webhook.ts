import { createHmac, timingSafeEqual } from "node:crypto";
import type { WebhookRefusal } from "../environment/webhook-refusals.js";
import type { WebhookSignature } from "../vendors/route.js";
import type { Exchange } from "./exchange.js";

/** GrowthBook's message has the whole payload. */
const MAX_BODY_BYTES = 64 * 1_024 * 1_024;
/** Maximum difference between the clocks of sender and relay, as in the Standard Webhooks specification. */
const TOLERANCE_MS = 300_000;

/** What to check, by the reason of a refusal. */
export const ADVICE: Readonly<Record<WebhookRefusal, string>> = {
  unsigned: ": send it from a webhook of GrowthBook, which signs it",
  "wrong signature": ": is webhookSecret the secret of this webhook in GrowthBook?",
  "wrong time": ": are both clocks right?",
  "too large": "",
};

/**
 * Checks that the body of a request was signed with a secret. The body is hashed while it is received, and not kept.
 *
 * @param nowMs - epoch ms.
 * @returns the reason for a refusal, or `null` if the signature is valid.
 */
export async function checkSignature(
  { incoming }: Exchange,
  secret: string,
  signature: WebhookSignature | null,
  nowMs: number,
): Promise<WebhookRefusal | null> {
  const hmac = createHmac("sha256", secret).update(signature?.prefix ?? "");
  let size = 0;
  try {
    // Leaving the loop must not destroy the connection, which still needs a response.
    for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
      size += chunk.length;
      if (size > MAX_BODY_BYTES) return "too large";
      hmac.update(chunk);
    }
  } catch {
    return "wrong signature"; // the connection has ended
  }
  if (signature === null) return "unsigned";
  const { digests, sentAtMs } = signature;
  const expected = hmac.digest();
  const isSigned = digests.some(
    (it) => it.length === expected.length && timingSafeEqual(it, expected),
  );
  if (!isSigned) return "wrong signature";
  const isRecent = sentAtMs === null || Math.abs(nowMs - sentAtMs) <= TOLERANCE_MS;
  return isRecent ? null : "wrong time";
}
