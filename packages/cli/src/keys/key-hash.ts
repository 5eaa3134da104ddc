/** A 64-bit hash in two halves of 32 bits. Objects are reused to avoid allocations. */
export interface KeyHash {
  low: number;
  high: number;
}

/** Hash of the empty key. Hashes of keys start from it. */
export const NO_KEY: Readonly<KeyHash> = { low: 0x2545f491, high: 0x1b873593 };

/**
 * Hashes a key. Two keys have the same hash with a probability of 2⁻⁶⁴. No vendor uses this hash, so samples are
 * independent of vendors' splits.
 *
 * @param seed - the hash of the preceding parts, so that `("a", "bc")` differs from `("ab", "c")`.
 * @param into - receives the hash. It may be the seed.
 */
export function hashKey(text: string, seed: Readonly<KeyHash>, into: KeyHash): void {
  let { high, low } = seed;
  // An indexed loop is faster here, where every key of every row is hashed. Each step is a bijection of both halves.
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    low = Math.imul(low ^ unit, 0x9e3779b1);
    low = (low << 13) | (low >>> 19);
    high = Math.imul(high ^ unit, 0x85ebca77);
    high = (high << 17) | (high >>> 15);
  }
  high ^= mixed(low ^ text.length);
  low ^= mixed(high);
  high ^= mixed(low);
  into.low = low >>> 0;
  into.high = high >>> 0;
}

/** The finalizer of MurmurHash3. */
function mixed(half: number): number {
  let it = Math.imul(half ^ (half >>> 16), 0x85ebca6b);
  it = Math.imul(it ^ (it >>> 13), 0xc2b2ae35);
  return it ^ (it >>> 16);
}
