import { hashText } from "./big-endian.js";
import { type BlockHash, type HashPrefix, hashBytes, preparePrefix } from "./prefix.js";
import { compress, initial, state, words } from "./sha256-block.js";

const SHA256: BlockHash = { isBigEndian: true, words, state, initial, compress };
const NO_PREFIX: HashPrefix = /* @__PURE__ */ preparePrefix(SHA256, "");

/** Prepares a prefix of strings for {@link sha256Modulo}. */
export function sha256Prefix(text: string): HashPrefix {
  return preparePrefix(SHA256, text);
}

/**
 * Returns the first eight bytes of `sha256(utf8(prefix + text))` as a big-endian integer, modulo `modulus`. A lone
 * surrogate becomes U+FFFD, as in `node:crypto`.
 *
 * @param modulus - an integer in [1, 2^26], so that all products are exact.
 * @param prefix - created by `sha256Prefix`. Default: none.
 * @see FIPS 180-4
 */
export function sha256Modulo(
  text: string,
  modulus: number,
  prefix: HashPrefix = NO_PREFIX,
): number {
  hashText(SHA256, prefix, text, "");
  const high = ((state[0] as number) >>> 0) % modulus;
  return (high * (2 ** 32 % modulus) + ((state[1] as number) >>> 0)) % modulus;
}

/** Computes the SHA-256 of bytes (FIPS 180-4). */
export function sha256(bytes: Uint8Array): Uint8Array {
  hashBytes(SHA256, bytes);
  const hash = new Uint8Array(32);
  const view = new DataView(hash.buffer);
  for (const [i, word] of state.entries()) view.setInt32(i * 4, word);
  return hash;
}
