const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

/** Prepares the prefix of strings for {@link fnv1aUint32}: the hash continues from it. */
export function fnv1aPrefix(text: string): number {
  return fnv1aUint32(text) | 0; // small enough to be kept and passed without a box
}

/**
 * 32-bit FNV-1a of `prefix + text` over UTF-16 code units, each XORed as a whole: an integer in
 * [0, 2^32). For ASCII strings this equals FNV-1a over bytes.
 *
 * Quirk: other strings are not encoded first, so that their hash differs from that of every other
 * implementation (growthbook).
 *
 * @param prefix - made by `fnv1aPrefix`; default: none.
 */
export function fnv1aUint32(text: string, prefix: number = OFFSET): number {
  // Taken inside of the function: V8 inlines the call then, under any bundler and also once a class extends `String`.
  const charCodeAt = String.prototype.charCodeAt;
  // A 32-bit integer from the start: the engine would compute with doubles otherwise.
  let hash = prefix | 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ charCodeAt.call(text, i), PRIME);
  return hash >>> 0;
}
