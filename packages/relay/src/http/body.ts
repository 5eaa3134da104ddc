import type { Exchange } from "./exchange.js";

/**
 * Reads the body of a request.
 *
 * @returns `null` if it is longer than `maxBytes`, or if the connection ended.
 */
export async function readBody(
  { incoming }: Pick<Exchange, "incoming">,
  maxBytes: number,
): Promise<Uint8Array | null> {
  if (Number(incoming.headers["content-length"] ?? 0) > maxBytes) return null;
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // Leaving the loop must not destroy the connection, which still needs a response.
    for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
      size += chunk.length;
      if (size > maxBytes) return null;
      chunks.push(chunk);
    }
  } catch {
    return null;
  }
  return Buffer.concat(chunks);
}
