import { type BlockHash, type HashPrefix, hashBytes, preparePrefix } from "./prefix.js";
import { compress, initial, state, words } from "./sha1-block.js";
import { encodeUtf8 } from "./utf8.js";

const SHA1: BlockHash = { isBigEndian: true, words, state, initial, compress };
const NO_PREFIX: HashPrefix = /* @__PURE__ */ preparePrefix(SHA1, "");

/** Prepares a prefix of strings for {@link sha1Uint60}. */
export function sha1Prefix(text: string): HashPrefix {
  return preparePrefix(SHA1, text);
}

/**
 * Returns the first 15 hex digits of `sha1(utf8(prefix + text + suffix))` as a number, rounded to the nearest double,
 * in [0, 2^60]. A lone surrogate becomes U+FFFD, as in `node:crypto`.
 *
 * @param prefix - created by `sha1Prefix`. Default: none.
 * @param suffix - cheaper than a `text` that ends with it, because nothing is concatenated. Default: none.
 * @see FIPS 180-4
 */
export function sha1Uint60(
  text: string,
  prefix: HashPrefix = NO_PREFIX,
  suffix: string = "",
): number {
  hashText(prefix, text, suffix);
  // The upper word times 2^28 is exact, so only the sum is rounded, as when the digits are read as one number.
  return ((state[0] as number) >>> 0) * 0x1000_0000 + ((state[1] as number) >>> 4);
}

/** Leaves the hash in `state`. Nearly all strings are ASCII, which needs no encoding. */
function hashText(prefix: HashPrefix, text: string, suffix: string): void {
  if (prefix.isWellFormed && hashAscii(prefix, text, suffix) <= 0x7f) return;
  hashBytes(SHA1, encodeUtf8(prefix.text + text + suffix));
}

/**
 * Hashes as if all code units of the strings were bytes.
 *
 * @returns all code units combined by bitwise OR. Above 0x7f, one of them is not ASCII, and the hash is not valid.
 */
function hashAscii(prefix: HashPrefix, text: string, suffix: string): number {
  // Read inside the function, so that V8 inlines the call with any bundler, and even if a class extends `String`.
  const charCodeAt = String.prototype.charCodeAt;
  const { length, words: begun, offset, state: former } = prefix;
  const textSize = text.length;
  const size = textSize + suffix.length;
  for (let i = 0; i < 5; i++) state[i] = former[i] as number;
  // Words are assembled in a local variable and stored when they are complete.
  let at = (length & 63) >> 2;
  for (let i = 0; i < at; i++) words[i] = begun[offset + i] as number;
  let word = begun[offset + at] as number;
  let shift = 24 - ((length & 3) << 3);
  let seen = 0;
  for (let i = 0; i < size; i++) {
    const unit = i < textSize ? charCodeAt.call(text, i) : charCodeAt.call(suffix, i - textSize);
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
