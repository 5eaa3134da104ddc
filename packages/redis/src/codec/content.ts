import type { Digest, Payload, PayloadSet } from "@sortition/core/internal";

/** A payload set with its hashes. */
export interface Content {
  readonly payloads: PayloadSet;
  /** SHA-256 of each part, hex, by its name. */
  readonly hashes: ReadonlyMap<string, string>;
  /** SHA-256 of all parts, hex. Its first 16 digits are the revision in the client's status. */
  readonly sha: string;
}

/** Cached hashes, so that a changed flag does not hash a cohort of several megabytes again. */
const known = new WeakMap<Uint8Array, Promise<string>>();

/** Hashes a payload set in slices, which yield to the event loop. */
export async function contentOf(payloads: PayloadSet, digest: Digest): Promise<Content> {
  const hashes = new Map<string, string>();
  for (const { bytes, part } of payloads) hashes.set(part, await hashOf(bytes, digest));
  return { payloads, hashes, sha: hex(await digest(...preimage(payloads))) };
}

/** SHA-256 of one part, hex. */
export function hashOf(bytes: Uint8Array, digest: Digest): Promise<string> {
  const hash = known.get(bytes) ?? digest(bytes).then(hex);
  known.set(bytes, hash);
  hash.catch(() => known.delete(bytes)); // the caller's digest may fail
  return hash;
}

/** Returns the payload set with one part replaced or added. */
export function withPart(payloads: PayloadSet, payload: Payload): PayloadSet {
  const others = payloads.filter(({ part }) => part !== payload.part);
  return [...others, payload];
}

/** Returns what is hashed for `Content.sha`: for each part, sorted by name, `name NUL length NUL bytes`. */
function preimage(payloads: PayloadSet): readonly Uint8Array[] {
  const inOrder = [...payloads].sort((a, b) => (a.part < b.part ? -1 : 1));
  return inOrder.flatMap(({ bytes, part }) => [Buffer.from(`${part}\0${bytes.length}\0`), bytes]);
}

function hex(hash: Uint8Array): string {
  return Buffer.from(hash).toString("hex");
}
