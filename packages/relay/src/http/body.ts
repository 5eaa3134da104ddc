import { BODY_MEMORY } from "./body-memory.js";
import type { Exchange } from "./exchange.js";

/** A body, or why it was not read: it is too long or its connection ended, or other bodies use up the memory. */
export type BodyReading = Uint8Array | "too-long" | "no-memory";

/** Reads the body of a request. It counts in {@link BODY_MEMORY} until the response ends. */
export async function readBody(
  { incoming, outgoing }: Pick<Exchange, "incoming" | "outgoing">,
  maxBytes: number,
): Promise<BodyReading> {
  if (Number(incoming.headers["content-length"] ?? 0) > maxBytes) return "too-long";
  const chunks: Buffer[] = [];
  let size = 0;
  let hasEnded = false;
  outgoing.once("close", () => {
    hasEnded = true;
    BODY_MEMORY.release(size);
  });
  try {
    // Leaving the loop must not destroy the connection, which still needs a response.
    for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
      if (hasEnded || size + chunk.length > maxBytes) return "too-long";
      if (!BODY_MEMORY.hold(chunk.length)) return "no-memory";
      size += chunk.length;
      chunks.push(chunk);
    }
  } catch {
    return "too-long";
  }
  return Buffer.concat(chunks);
}
