import { promisify } from "node:util";
import { ProtocolError } from "@sortition/core";
import type { Dispatcher } from "undici";

/** What `accept-encoding` offers: the encodings that {@link readBody} can unpack. */
export const ACCEPTED_ENCODINGS = "gzip, br";

type Unpack = (bytes: Uint8Array, options: { maxOutputLength: number }) => Promise<Uint8Array>;

/** zlib is loaded with the first packed body. */
const UNPACK_BY_ENCODING: ReadonlyMap<string, Unpack> = new Map([
  ["gzip", async (...args) => promisify((await import("node:zlib")).gunzip)(...args)],
  ["br", async (...args) => promisify((await import("node:zlib")).brotliDecompress)(...args)],
]);

/**
 * Reads the whole body and unpacks it off the event loop.
 *
 * @param maxBytes - bound of what comes over the wire, and again of what it unpacks to.
 * @throws ProtocolError if the body is too large or in an encoding that was not offered; whatever
 * undici or zlib throws if it is cut short or damaged.
 */
export async function readBody(
  response: Dispatcher.ResponseData,
  maxBytes: number,
): Promise<Uint8Array> {
  const encoding = String(response.headers["content-encoding"] ?? "identity").toLowerCase();
  const unpack = UNPACK_BY_ENCODING.get(encoding);
  if (unpack === undefined && encoding !== "identity") {
    throw new ProtocolError("the body has an encoding that was not asked for");
  }
  const announced = Number(response.headers["content-length"]);
  if (announced > maxBytes) throw tooLarge(maxBytes);
  const bytes = await collect(response.body, maxBytes, announced);
  if (unpack === undefined) return bytes;
  try {
    return await unpack(bytes, { maxOutputLength: maxBytes });
  } catch (cause) {
    throw isOutputTooLarge(cause) ? tooLarge(maxBytes) : cause;
  }
}

/**
 * Ends a body that nobody reads, without waiting for its rest. A body that was read to its end is
 * not affected, nor is its connection.
 */
export function discardBody(body: Dispatcher.ResponseData["body"]): void {
  body.on("error", () => {}).destroy();
}

/**
 * Counts by itself: a borrowed dispatcher has bounds of its own, or none. A body of an announced
 * length goes to its place as it comes: to put megabytes together at the end stalls the event loop.
 */
async function collect(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
  announced: number,
): Promise<Uint8Array> {
  // Untouched memory costs nothing, however much a server announces.
  const whole = Buffer.allocUnsafeSlow(Number.isSafeInteger(announced) ? announced : 0);
  const beyond: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    // What follows a chunk that does not fit must stay behind it.
    if (beyond.length === 0 && length + chunk.length <= whole.length) whole.set(chunk, length);
    else beyond.push(chunk);
    length += chunk.length;
    if (length > maxBytes) throw tooLarge(maxBytes);
  }
  if (length === whole.length) return whole;
  const within = length - beyond.reduce((size, chunk) => size + chunk.length, 0);
  return Buffer.concat([whole.subarray(0, within), ...beyond], length);
}

function isOutputTooLarge(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && cause.code === "ERR_BUFFER_TOO_LARGE";
}

function tooLarge(maxBytes: number): ProtocolError {
  return new ProtocolError(`the body has more than ${maxBytes} bytes`, "SORTITION_BODY_TOO_LARGE");
}
