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

/** Number of bytes that are copied before the event loop gets its turn. */
const SLICE_BYTES = 262_144;

/** Compresses bytes if there are more than `compressFromBytes`. Does not block the event loop. */
export async function encodeBytes(
  bytes: Uint8Array,
  compressFromBytes: number,
): Promise<StoredBytes> {
  if (bytes.length <= compressFromBytes) return { encoding: "raw", bytes };
  return { encoding: "gzip", bytes: await compress(bytes, { level: LEVEL }) };
}

/**
 * Decodes stored bytes. Returns `null` if they are damaged, larger than allowed, or in an unknown
 * encoding.
 * @param maxBytes - maximum output, whatever size is stored.
 * @param expectedBytes - stored size of the decoded bytes. If it is wrong, the bytes are copied
 * once more.
 */
export async function decodeBytes(
  encoding: string,
  stored: Buffer,
  maxBytes: number,
  expectedBytes: number | null = null,
): Promise<Uint8Array | null> {
  // A copy, because a reply of ioredis is a view of a larger buffer.
  if (encoding === "raw") return stored.length > maxBytes ? null : new Uint8Array(stored);
  if (encoding !== "gzip") return null;
  try {
    return await decompress(stored, maxBytes, expectedBytes ?? 0);
  } catch {
    return null;
  }
}

/** Initial output buffer if the stored size is missing or implausible. */
const LEAST_CHUNK_BYTES = 65_536;
/**
 * Compressed bytes per write. A thread of the pool decompresses them in a few tenths of a
 * millisecond.
 */
const FED_BYTES = 16_384;
/** Additional output bytes, because zlib allocates another chunk as soon as one is full. */
const SLACK_BYTES = 64;

/**
 * Decompresses in the thread pool, into one buffer of the expected size. Hundreds of small buffers
 * and a copy of all of them would cause long garbage collections in a process that receives
 * megabytes. The input is fed in slices, because a pool thread that works for long may take the
 * event loop's core.
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
    if (size > maxBytes) return null; // this also ends the stream
    chunks.push(chunk);
  }
  return (isLikely && whole(chunks, size)) || joined(chunks, size);
}

/**
 * Returns the bytes of all chunks without copying, or `null` if the chunks are not adjacent in one
 * buffer.
 */
function whole(chunks: readonly Buffer[], size: number): Uint8Array | null {
  const [first] = chunks;
  if (first === undefined || chunks.some(({ buffer }) => buffer !== first.buffer)) return null;
  return new Uint8Array(first.buffer, first.byteOffset, size);
}

/**
 * Joins chunks in slices, because copying megabytes at once would block the event loop for
 * milliseconds.
 */
async function joined(chunks: readonly Buffer[], size: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(size); // not zeroed, because that would block the event loop
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
