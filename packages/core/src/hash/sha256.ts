import { type BlockHash, type HashPrefix, hashBytes, preparePrefix } from "./prefix.js";
import { compress, initial, state, words } from "./sha256-block.js";
import { encodeUtf8 } from "./utf8.js";

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
  hashText(prefix, text);
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

/** Leaves the hash in `state`. Nearly all strings are ASCII, which needs no encoding. */
function hashText(prefix: HashPrefix, text: string): void {
  if (prefix.isWellFormed && hashAscii(prefix, text) <= 0x7f) return;
  hashBytes(SHA256, encodeUtf8(prefix.text + text));
}

/**
 * Hashes as if all code units of the string were bytes.
 *
 * @returns all code units combined by bitwise OR. Above 0x7f, one of them is not ASCII, and the hash is not valid.
 */
function hashAscii(prefix: HashPrefix, text: string): number {
  // Read inside the function, so that V8 inlines the call with any bundler, and even if a class extends `String`.
  const charCodeAt = String.prototype.charCodeAt;
  const { length, words: begun, offset, state: former } = prefix;
  const size = text.length;
  for (let i = 0; i < 8; i++) state[i] = former[i] as number;
  // Words are assembled in a local variable and stored when they are complete.
  let at = (length & 63) >> 2;
  for (let i = 0; i < at; i++) words[i] = begun[offset + i] as number;
  let word = begun[offset + at] as number;
  let shift = 24 - ((length & 3) << 3);
  let seen = 0;
  for (let i = 0; i < size; i++) {
    const unit = charCodeAt.call(text, i);
    seen |= unit;
    word |= unit << shift;
    shift -= 8;
    if (shift < 0) {
      words[at++] = word;
      word = 0;
      shift = 24;
      if (at === 16) {
        compress();
        at = 0;
      }
    }
  }
  words[at++] = word | (0x80 << shift);
  if (at > 14) {
    while (at < 16) words[at++] = 0;
    compress();
    at = 0;
  }
  while (at < 14) words[at++] = 0;
  words[14] = (length + size) >>> 29;
  words[15] = (length + size) << 3;
  compress();
  return seen;
}
