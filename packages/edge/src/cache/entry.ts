import {
  areEqualBytes,
  bytesOf,
  hostDigest,
  type Payload,
  type PayloadSet,
  textOf,
} from "@sortition/core/internal";

/** A configuration as isolates share it. */
export interface Copy {
  /** All parts as received. */
  readonly payloads: PayloadSet;
  /** When the vendor was asked that confirmed them, epoch ms. */
  readonly confirmedAtMs: number;
}

/** What a cache returned: a copy, or why it is none. */
export type ReadEntry =
  | { readonly kind: "copy"; readonly copy: Copy }
  | { readonly kind: "torn" | "foreign" };

/** What is in front of the bytes of the parts, as JSON. */
interface Header {
  readonly format: 1;
  readonly scope: string;
  readonly confirmedAtMs: number;
  readonly parts: readonly PartHeader[];
}

interface PartHeader extends Omit<Payload, "bytes" | "from" | "place"> {
  readonly length: number;
}

const DIGEST_BYTES = 32;
const LENGTH_BYTES = 4;

/**
 * Writes an entry: the SHA-256 of all that follows, the length of the header, the header, and the bytes of the parts.
 *
 * @param scope - that of the origin.
 */
export async function writeEntry(
  { confirmedAtMs, payloads }: Copy,
  scope: string,
): Promise<Uint8Array> {
  const parts = payloads.map(
    ({ bytes, etag, fetchedAtMs, isOptional = false, part }): PartHeader => ({
      part,
      etag,
      fetchedAtMs,
      isOptional,
      length: bytes.length,
    }),
  );
  const header: Header = { format: 1, scope, confirmedAtMs, parts };
  const headerBytes = bytesOf(JSON.stringify(header));
  const chunks = [headerBytes, ...payloads.map(({ bytes }) => bytes)];
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, DIGEST_BYTES + LENGTH_BYTES);
  const entry = new Uint8Array(length);
  new DataView(entry.buffer).setUint32(DIGEST_BYTES, headerBytes.length);
  let offset = DIGEST_BYTES + LENGTH_BYTES;
  for (const chunk of chunks) {
    entry.set(chunk, offset);
    offset += chunk.length;
  }
  entry.set(await hostDigest(entry.subarray(DIGEST_BYTES)));
  return entry;
}

/**
 * Reads an entry. `torn`: it is not what {@link writeEntry} wrote; `foreign`: it is of another origin or format.
 *
 * @param scope - that of the origin.
 */
export async function readEntry(entry: Uint8Array, scope: string): Promise<ReadEntry> {
  if (entry.length < DIGEST_BYTES + LENGTH_BYTES) return { kind: "torn" };
  const digest = await hostDigest(entry.subarray(DIGEST_BYTES));
  if (!areEqualBytes(digest, 0, entry, 0, DIGEST_BYTES)) return { kind: "torn" };
  const view = new DataView(entry.buffer, entry.byteOffset, entry.byteLength);
  const start = DIGEST_BYTES + LENGTH_BYTES;
  let offset = start + view.getUint32(DIGEST_BYTES);
  // The digest is right, so this is what some version of this package wrote.
  const header = JSON.parse(textOf(entry.subarray(start, offset))) as Header;
  if (header.format !== 1 || header.scope !== scope) return { kind: "foreign" };
  const payloads = header.parts.map(({ length, ...part }): Payload => {
    const bytes = entry.subarray(offset, offset + length);
    offset += length;
    return { ...part, bytes, from: "network", place: "a cache of isolates" };
  });
  return { kind: "copy", copy: { payloads, confirmedAtMs: header.confirmedAtMs } };
}
