import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";

/** How the bytes of a part are stored. */
export type Encoding = "raw" | "gzip";

/** Bytes as they are stored. */
export interface StoredBytes {
  readonly encoding: Encoding;
  readonly bytes: Uint8Array;
}

const LEVEL = 6;

const compress = promisify(gzip);
const decompress = promisify<Buffer, { readonly maxOutputLength: number }, Buffer>(gunzip);

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
    return await decompress(stored, { maxOutputLength: maxBytes });
  } catch {
    return null;
  }
}
