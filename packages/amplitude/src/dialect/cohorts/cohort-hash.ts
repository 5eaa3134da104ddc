/** Adds up to four bytes to a hash. */
export function hashWord(hash: number, word: number): number {
  const mixed = Math.imul(hash ^ word, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}

/** Hashes a range of bytes, four at a time. */
export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  let at = start;
  for (; at + 3 < end; at += 4) {
    const word =
      bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24); // at + 3 < end
    hash = hashWord(hash, word);
  }
  let rest = 0;
  for (; at < end; at++) rest = (rest << 8) | bytes[at]!; // at < end
  return finish(hashWord(hash, rest));
}

/**
 * Mixes the bits, because the low ones find a slot and the high ones distinguish ids in it. Each
 * has to depend on all bytes.
 */
export function finish(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0xc2b2ae35);
  return mixed ^ (mixed >>> 13);
}
