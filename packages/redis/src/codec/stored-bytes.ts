import { setImmediate as nextTurn } from "node:timers/promises";
import { promisify } from "node:util";
import { createGunzip, gzip } from "node:zlib";

/** How the bytes of a part are stored. */
export type Encoding = "raw" | "gzip";

export interface StoredBytes {
  readonly encoding: Encoding;
  readonly bytes: Uint8Array;
}

const LEVEL = 6;

const compress = promisify(gzip);

/** Bytes that are copied before other work of the event loop gets its turn. */
const SLICE_BYTES = 262_144;

/** Compresses bytes if there are more than `compressFromBytes`. Works off the event loop. */
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
 * @param expectedBytes - decoded size as it is stored; a wrong one costs a copy, nothing else.
 */
export async function decodeBytes(
  encoding: string,
  stored: Buffer,
  maxBytes: number,
  expectedBytes: number | null = null,
): Promise<Uint8Array | null> {
  // A copy: a reply of ioredis is a view of a larger buffer.
  if (encoding === "raw") return stored.length > maxBytes ? null : new Uint8Array(stored);
  if (encoding !== "gzip") return null;
  try {
    return await decompress(stored, maxBytes, expectedBytes ?? 0);
  } catch {
    return null;
  }
}

/** Output that is allocated at once if no size, or an unlikely one, is stored. */
const LEAST_CHUNK_BYTES = 65_536;
/** Compressed bytes per write. A thread of the pool needs a few tenths of a millisecond for them. */
const FED_BYTES = 16_384;
/** zlib allocates another chunk when one is full. */
const SLACK_BYTES = 64;

/**
 * Decompresses off the event loop, into one buffer of the expected size: hundreds of small ones, and a copy
 * of them all, would make the garbage collector stop a process that received megabytes. It is fed in
 * slices, since a thread of the pool that works for long may keep the event loop from its core.
 */
async function decompress(
  stored: Buffer,
  maxBytes: number,
  expectedBytes: number,
): Promise<Uint8Array | null> {
  const isLikely = expectedBytes > LEAST_CHUNK_BYTES && expectedBytes <= maxBytes;
  const chunkSize = isLikely ? expectedBytes + SLACK_BYTES : LEAST_CHUNK_BYTES;
  const stream = createGunzip({ chunkSize });
  for (let at = 0; at < stored.length; at += FED_BYTES) {
    stream.write(stored.subarray(at, at + FED_BYTES));
  }
  stream.end();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) return null; // which ends the stream
    chunks.push(chunk);
  }
  return (isLikely && whole(chunks, size)) || joined(chunks, size);
}

/** The bytes of all chunks without a copy; `null` unless they fill one buffer, one after the other. */
function whole(chunks: readonly Buffer[], size: number): Uint8Array | null {
  const [first] = chunks;
  if (first === undefined || chunks.some(({ buffer }) => buffer !== first.buffer)) return null;
  return new Uint8Array(first.buffer, first.byteOffset, size);
}

/** Puts chunks together in slices: in one turn, megabytes take milliseconds. */
async function joined(chunks: readonly Buffer[], size: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(size); // zeroing them would take a turn of its own
  let copied = 0;
  let nextYield = SLICE_BYTES;
  for (const chunk of chunks) {
    for (let offset = 0; offset < chunk.length; offset += SLICE_BYTES) {
      copied += chunk.copy(bytes, copied, offset, offset + SLICE_BYTES);
      if (copied < nextYield) continue;
      nextYield += SLICE_BYTES;
      await nextTurn();
    }
  }
  return bytes;
}
