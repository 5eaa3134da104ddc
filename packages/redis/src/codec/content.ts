import type { Digest, Payload, PayloadSet } from "@sortition/core/internal";

/** A payload set with its hashes. */
export interface Content {
  readonly payloads: PayloadSet;
  /** SHA-256 of each part, hex, by its name. */
  readonly hashes: ReadonlyMap<string, string>;
  /** SHA-256 over all parts, hex; its first 16 digits are the revision that the client shows. */
  readonly sha: string;
}

/** Hashes of bytes that were hashed before: a changed flag does not hash a cohort of megabytes again. */
const known = new WeakMap<Uint8Array, Promise<string>>();

/** Hashes a payload set, in slices that yield to the event loop. */
export async function contentOf(payloads: PayloadSet, digest: Digest): Promise<Content> {
  const hashes = new Map<string, string>();
  for (const { bytes, part } of payloads) hashes.set(part, await hashOf(bytes, digest));
  return { payloads, hashes, sha: hex(await digest(...preimage(payloads))) };
}

/** SHA-256 of one part, hex. */
export function hashOf(bytes: Uint8Array, digest: Digest): Promise<string> {
  const hash = known.get(bytes) ?? digest(bytes).then(hex);
  known.set(bytes, hash);
  hash.catch(() => known.delete(bytes)); // a digest of the caller may fail
  return hash;
}

/** The content with one part replaced or added. */
export function withPart(payloads: PayloadSet, payload: Payload): PayloadSet {
  const others = payloads.filter(({ part }) => part !== payload.part);
  return [...others, payload];
}

/** The input of the hash over all parts: `name NUL length NUL bytes`, names sorted. */
function preimage(payloads: PayloadSet): readonly Uint8Array[] {
  const inOrder = [...payloads].sort((a, b) => (a.part < b.part ? -1 : 1));
  return inOrder.flatMap(({ bytes, part }) => [Buffer.from(`${part}\0${bytes.length}\0`), bytes]);
}

function hex(hash: Uint8Array): string {
  return Buffer.from(hash).toString("hex");
}
