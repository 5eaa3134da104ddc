import { hexOf } from "../hash/hex.js";
import { encodeUtf8 } from "../hash/utf8.js";
import { type Digest, digestAtOnce } from "./digest.js";

export interface RevisionPart {
  readonly part: string;
  readonly bytes: Uint8Array;
}

const known = new WeakMap<readonly RevisionPart[], string>();
const wasRead = new WeakSet<readonly RevisionPart[]>();

/**
 * Returns the content hash of a payload set: the first 16 hex digits of SHA-256 over `name "\0" length "\0" bytes` of
 * each part, in the order of their names.
 */
export function revisionOf(parts: readonly RevisionPart[]): string {
  wasRead.add(parts);
  return known.get(parts) ?? remember(parts, digestAtOnce(preimage(parts)));
}

/** Whether {@link revisionOf} was called for this set. */
export function isRevisionRead(parts: readonly RevisionPart[]): boolean {
  return wasRead.has(parts);
}

/** Computes the revision in advance with a digest that does not block, for {@link revisionOf}. */
export async function precomputeRevision(
  parts: readonly RevisionPart[],
  digest: Digest,
): Promise<void> {
  if (!known.has(parts)) remember(parts, await digest(...preimage(parts)));
}

function remember(parts: readonly RevisionPart[], hash: Uint8Array): string {
  const revision = hexOf(hash.subarray(0, 8));
  known.set(parts, revision);
  return revision;
}

/** Returns the input of the hash in chunks, so that the bytes of the parts are not copied. */
function preimage(parts: readonly RevisionPart[]): readonly Uint8Array[] {
  const inOrder = [...parts].sort((a, b) => (a.part < b.part ? -1 : 1));
  return inOrder.flatMap(({ part, bytes }) => [encodeUtf8(`${part}\0${bytes.length}\0`), bytes]);
}
