import {
  areEqualBytes,
  bytesOf,
  concatenated,
  hostDigest,
  type Payload,
  type PayloadSet,
  textOf,
} from "@sortition/core/internal";

/** A configuration that isolates share. */
export interface Copy {
  /** All parts as received. */
  readonly payloads: PayloadSet;
  /** When the request that confirmed them was sent to the vendor, epoch ms. */
  readonly confirmedAtMs: number;
}

/** Result of reading an entry: a copy, or why the entry is unusable. */
export type ReadEntry =
  | { readonly kind: "copy"; readonly copy: Copy }
  | { readonly kind: "torn" | "foreign" };

/** JSON header that precedes the bytes of the parts. */
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
 * Encodes an entry: the SHA-256 of everything that follows, the header's length, the header, and the bytes of the parts.
 *
 * @param scope - the origin's scope.
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
  const start = new Uint8Array(DIGEST_BYTES + LENGTH_BYTES);
  const entry = concatenated([start, headerBytes, ...payloads.map(({ bytes }) => bytes)]);
  new DataView(entry.buffer).setUint32(DIGEST_BYTES, headerBytes.length);
  entry.set(await hostDigest(entry.subarray(DIGEST_BYTES)));
  return entry;
}

/**
 * Decodes an entry. `torn`: {@link writeEntry} did not write it like this; `foreign`: it has another origin or format.
 *
 * @param scope - the origin's scope.
 */
export async function readEntry(entry: Uint8Array, scope: string): Promise<ReadEntry> {
  if (entry.length < DIGEST_BYTES + LENGTH_BYTES) return { kind: "torn" };
  const digest = await hostDigest(entry.subarray(DIGEST_BYTES));
  if (!areEqualBytes(digest, 0, entry, 0, DIGEST_BYTES)) return { kind: "torn" };
  const view = new DataView(entry.buffer, entry.byteOffset, entry.byteLength);
  const start = DIGEST_BYTES + LENGTH_BYTES;
  let offset = start + view.getUint32(DIGEST_BYTES);
  // The digest is correct, so some version of this package wrote this header.
  const header = JSON.parse(textOf(entry.subarray(start, offset))) as Header;
  if (header.format !== 1 || header.scope !== scope) return { kind: "foreign" };
  const payloads = header.parts.map(({ length, ...part }): Payload => {
    const bytes = entry.subarray(offset, offset + length);
    offset += length;
    return { ...part, bytes, from: "network", place: "a cache of isolates" };
  });
  return { kind: "copy", copy: { payloads, confirmedAtMs: header.confirmedAtMs } };
}
