import type { Readable, Transform } from "node:stream";
import { ProtocolError } from "@sortition/core/internal";
import { collect } from "./collect.js";
import type { StreamedResponse } from "./senders/sender.js";

/** Value of `accept-encoding`: the encodings that {@link readBody} supports. */
export const ACCEPTED_ENCODINGS = "gzip, br";

/** zlib produces chunks of this size, each off the event loop. */
const CHUNKS = { chunkSize: 65_536 };

const gunzip = async (): Promise<Transform> => (await import("node:zlib")).createGunzip(CHUNKS);

/** Decompressors by encoding, in lower case. zlib is loaded with the first compressed body. */
const DECOMPRESSOR_BY_ENCODING: ReadonlyMap<string, () => Promise<Transform>> = new Map([
  ["gzip", gunzip],
  // Recipients should treat this alias as gzip (RFC 9110 §8.4.1.3).
  ["x-gzip", gunzip],
  ["br", async () => (await import("node:zlib")).createBrotliDecompress(CHUNKS)],
]);

/**
 * Reads the whole body and decompresses it off the event loop.
 *
 * @param maxBytes - maximum number of bytes, both received and decompressed.
 * @throws ProtocolError if the body is too large or has an encoding that was not offered; the error
 * of the HTTP client or of zlib if the body is truncated or damaged.
 */
export async function readBody(
  { headers, body }: Pick<StreamedResponse, "headers" | "body">,
  maxBytes: number,
): Promise<Uint8Array> {
  const encoding = String(headers["content-encoding"] ?? "identity")
    .trim()
    .toLowerCase();
  const createDecompressor = DECOMPRESSOR_BY_ENCODING.get(encoding);
  if (createDecompressor === undefined && encoding !== "identity") {
    throw new ProtocolError("the body has an encoding that was not requested");
  }
  const announcedBytes = Number(headers["content-length"] ?? 0);
  const bytes = await collect(body, { announcedBytes, maxBytes });
  if (createDecompressor === undefined) return bytes;
  const decompressor = await createDecompressor();
  decompressor.end(bytes);
  return await collect(decompressor, { announcedBytes: 0, maxBytes });
}

/** Limits of {@link drainBody}. */
const MAX_DRAINED_BYTES = 65_536;
const MAX_DRAIN_MS = 100;

/**
 * Reads an unused body, such as that of an error, so that its connection can be reused. A long or
 * slow body is cut off.
 */
export function drainBody(body: Readable): void {
  let bytes = 0;
  const timer = setTimeout(() => body.destroy(), MAX_DRAIN_MS);
  timer.unref?.(); // jsdom's timers are numbers
  body
    .on("error", () => {})
    .on("data", (chunk: Uint8Array) => {
      bytes += chunk.length;
      if (bytes > MAX_DRAINED_BYTES) body.destroy();
    })
    .once("close", () => clearTimeout(timer));
}

/**
 * Ends a body without waiting for the rest. Has no effect on a body that was read completely, or on
 * its connection.
 */
export function discardBody(body: Readable): void {
  body.on("error", () => {}).destroy();
}
