import type { Readable, Transform } from "node:stream";
import { ProtocolError } from "@sortition/core";
import { collect } from "./collect.js";
import type { Response } from "./sender.js";

/** What `accept-encoding` offers: the encodings that {@link readBody} can unpack. */
export const ACCEPTED_ENCODINGS = "gzip, br";

/** zlib fills chunks of this size, each off the event loop. */
const CHUNKS = { chunkSize: 65_536 };

const gunzip = async (): Promise<Transform> => (await import("node:zlib")).createGunzip(CHUNKS);

/** Names in lower case. zlib is loaded with the first compressed body. */
const UNPACKER_BY_ENCODING: ReadonlyMap<string, () => Promise<Transform>> = new Map([
  ["gzip", gunzip],
  // An alias that recipients should treat as gzip (RFC 9110 §8.4.1.3).
  ["x-gzip", gunzip],
  ["br", async () => (await import("node:zlib")).createBrotliDecompress(CHUNKS)],
]);

/**
 * Reads the whole body and unpacks it off the event loop.
 *
 * @param maxBytes - bound of what comes over the wire, and again of what it unpacks to.
 * @throws ProtocolError if the body is too large or in an encoding that was not offered; whatever
 * undici or zlib throws if it is cut short or damaged.
 */
export async function readBody(
  { headers, body }: Pick<Response, "headers" | "body">,
  maxBytes: number,
): Promise<Uint8Array> {
  const encoding = String(headers["content-encoding"] ?? "identity")
    .trim()
    .toLowerCase();
  const createUnpacker = UNPACKER_BY_ENCODING.get(encoding);
  if (createUnpacker === undefined && encoding !== "identity") {
    throw new ProtocolError("the body has an encoding that was not asked for");
  }
  const announcedBytes = Number(headers["content-length"] ?? 0);
  const bytes = await collect(body, { announcedBytes, maxBytes });
  if (createUnpacker === undefined) return bytes;
  const unpacker = await createUnpacker();
  unpacker.end(bytes);
  return await collect(unpacker, { announcedBytes: 0, maxBytes });
}

/**
 * Ends a body that nobody reads, without waiting for its rest. A body that was read to its end is
 * not affected, nor is its connection.
 */
export function discardBody(body: Readable): void {
  body.on("error", () => {}).destroy();
}
