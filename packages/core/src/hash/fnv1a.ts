const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

/** Makes ready what the texts for {@link fnv1aUint32} begin with: the hash goes on from there. */
export function fnv1aPrefix(text: string): number {
  return fnv1aUint32(text);
}

/**
 * 32-bit FNV-1a of `prefix + text` over UTF-16 units, each of which is XORed whole: an integer in
 * [0, 2^32). For ASCII that is FNV-1a over bytes.
 *
 * Quirk: other texts are not encoded first, so that their hash is nobody else's (growthbook).
 *
 * @param prefix - made by {@link fnv1aPrefix}; default: none.
 */
export function fnv1aUint32(text: string, prefix: number = OFFSET): number {
  let hash = prefix;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), PRIME);
  return hash >>> 0;
}
