import { createHmac, timingSafeEqual } from "node:crypto";
import type { Exchange } from "./exchange.js";

/** GrowthBook's message has the whole payload. */
const MAX_BODY_BYTES = 64 * 1_024 * 1_024;

/**
 * Whether the body of a request has been signed with a secret. The body is hashed as it comes, and not kept.
 *
 * @param signature - hexadecimal HMAC-SHA-256, as the request has it.
 */
export async function isSigned(
  { incoming }: Exchange,
  secret: string,
  signature: string | null,
): Promise<boolean> {
  const hmac = createHmac("sha256", secret);
  let size = 0;
  try {
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_BODY_BYTES) return false;
      hmac.update(chunk);
    }
  } catch {
    return false; // the connection has ended
  }
  const expected = hmac.digest();
  const given = Buffer.from(signature ?? "", "hex");
  return given.length === expected.length && timingSafeEqual(given, expected);
}
