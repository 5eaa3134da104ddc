const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

/** Prepares a prefix of strings for {@link fnv1aUint32}, which continues from its hash. */
export function fnv1aPrefix(text: string): number {
  return fnv1aUint32(text) | 0; // a signed integer, which the engine need not box
}

/**
 * Computes the 32-bit FNV-1a of `prefix + text` over UTF-16 code units, each XORed as a whole. Returns an integer in
 * [0, 2^32). For ASCII strings, this equals FNV-1a over bytes.
 *
 * Quirk: other strings are not encoded first, so their hash differs from all other implementations (growthbook).
 *
 * @param prefix - created by `fnv1aPrefix`. Default: none.
 */
export function fnv1aUint32(text: string, prefix: number = OFFSET): number {
  // Read inside the function, so that V8 inlines the call with any bundler, and even if a class extends `String`.
  const charCodeAt = String.prototype.charCodeAt;
  // A 32-bit integer from the start, because the engine would otherwise compute with doubles.
  let hash = prefix | 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ charCodeAt.call(text, i), PRIME);
  return hash >>> 0;
}
