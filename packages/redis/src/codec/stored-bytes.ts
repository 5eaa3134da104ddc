import { setImmediate as nextTurn } from "node:timers/promises";
import { promisify } from "node:util";
import { createGunzip, gzip } from "node:zlib";

/** How the bytes of a part are stored. */
export type Encoding = "raw" | "gzip";

/** Bytes as they are stored. */
export interface StoredBytes {
  readonly encoding: Encoding;
  readonly bytes: Uint8Array;
}

const LEVEL = 6;

const compress = promisify(gzip);

/** Bytes that are copied before other work of the event loop gets its turn. */
const SLICE_BYTES = 262_144;

/** Compresses what is larger than `compressFromBytes`. Works off the event loop. */
export async function encodeBytes(
  bytes: Uint8Array,
  compressFromBytes: number,
): Promise<StoredBytes> {
  if (bytes.length <= compressFromBytes) return { encoding: "raw", bytes };
  return { encoding: "gzip", bytes: await compress(bytes, { level: LEVEL }) };
}

/**
 * The decoded bytes; `null` if they are damaged, larger than allowed or of an unknown encoding.
 *
 * @param maxBytes - bounds the output, whatever the stored bytes promise.
 */
export async function decodeBytes(
  encoding: string,
  stored: Buffer,
  maxBytes: number,
): Promise<Uint8Array | null> {
  if (stored.length > maxBytes) return null;
  // A copy: a reply of ioredis is a view of a larger buffer.
  if (encoding === "raw") return Uint8Array.from(stored);
  if (encoding !== "gzip") return null;
  try {
    return await decompress(stored, maxBytes);
  } catch {
    return null;
  }
}

/**
 * Decompresses off the event loop. What comes is put together in slices: in one turn, megabytes take
 * milliseconds.
 */
async function decompress(stored: Buffer, maxBytes: number): Promise<Uint8Array | null> {
  const stream = createGunzip();
  stream.end(stored);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) return null; // which ends the stream
    chunks.push(chunk);
  }
  const bytes = Buffer.allocUnsafeSlow(size); // zeroing them would take a turn of its own
  let copied = 0;
  let nextYield = SLICE_BYTES;
  for (const chunk of chunks) {
    chunk.copy(bytes, copied);
    copied += chunk.length;
    if (copied < nextYield) continue;
    nextYield += SLICE_BYTES;
    await nextTurn();
  }
  return bytes;
}
