import { compress, initial, state, words } from "./md5-block.js";
import { type BlockHash, type HashPrefix, hashBytes, preparePrefix } from "./prefix.js";
import { encodeUtf8, hasLoneSurrogate } from "./utf8.js";

const MD5: BlockHash = { isBigEndian: false, words, state, initial, compress };
const NO_PREFIX: HashPrefix = /* @__PURE__ */ preparePrefix(MD5, "");

/** Prepares a prefix of strings for {@link md5Uint32}. */
export function md5Prefix(text: string): HashPrefix {
  return preparePrefix(MD5, text);
}

/**
 * Returns the first four bytes of `md5(utf8(prefix + text))` as a big-endian integer in [0, 2^32).
 *
 * @param prefix - created by `md5Prefix`. Default: none.
 * @throws URIError if the whole string has a lone surrogate, as in the vendor's MD5 library.
 * @see RFC 1321
 */
export function md5Uint32(text: string, prefix: HashPrefix = NO_PREFIX): number {
  return md5Int32(text, prefix) >>> 0;
}

/**
 * Like {@link md5Uint32}, but signed. If V8 does not inline the call, which happens in Node 24, an unsigned result of
 * 2^31 or more would be allocated on the heap.
 */
export function md5Int32(text: string, prefix: HashPrefix = NO_PREFIX): number {
  hashText(prefix, text, true);
  const a = state[0] as number;
  return ((a & 0xff) << 24) | ((a & 0xff00) << 8) | ((a >>> 8) & 0xff00) | (a >>> 24);
}

/**
 * Returns `md5(utf8(text))` as four little-endian words. The next call overwrites them. Throws like {@link md5Uint32}.
 */
export function md5OfText(text: string): Int32Array {
  hashText(NO_PREFIX, text, false);
  return state;
}

/** Returns `md5(utf8(text))` as 32 lower-case hex digits. Throws like {@link md5Uint32}. */
export function md5Hex(text: string): string {
  let hex = "";
  for (const word of md5OfText(text)) {
    for (let shift = 0; shift < 32; shift += 8) {
      hex += ((word >>> shift) & 0xff).toString(16).padStart(2, "0");
    }
  }
  return hex;
}

/** Leaves the hash, or its first word, in `state`. Nearly all strings are ASCII, which needs no encoding. */
function hashText(prefix: HashPrefix, text: string, wantsFirst: boolean): void {
  // JavaScript callers may pass a value that is not a string. The concatenation converts it.
  if (prefix.isWellFormed && typeof text === "string") {
    if (hashAscii(prefix, text, wantsFirst) <= 0x7f) return;
  }
  const whole = prefix.text + text;
  if (hasLoneSurrogate(whole)) throw new URIError("URI malformed");
  hashBytes(MD5, encodeUtf8(whole));
}

/**
 * Hashes as if all code units of the string were bytes. In the loop that SHA-1 and SHA-256 share, MD5 took 7 to 10% longer.
 *
 * @returns all code units combined by bitwise OR. Above 0x7f, one of them is not ASCII, and the hash is not valid.
 */
function hashAscii(prefix: HashPrefix, text: string, wantsFirst: boolean): number {
  // Read inside the function, so that V8 inlines the call with any bundler, and even if a class extends `String`.
  const charCodeAt = String.prototype.charCodeAt;
  const { length, words: begun, offset, state: former } = prefix;
  const size = text.length;
  for (let i = 0; i < 4; i++) state[i] = former[i] as number;
  // Words are assembled in a local variable and stored when they are complete.
  let at = (length & 63) >> 2;
  for (let i = 0; i < at; i++) words[i] = begun[offset + i] as number;
  let word = begun[offset + at] as number;
  let shift = (length & 3) << 3;
  let seen = 0;
  for (let i = 0; i < size; i++) {
    const unit = charCodeAt.call(text, i);
    seen |= unit;
    word |= unit << shift;
    shift += 8;
    if (shift === 32) {
      words[at++] = word;
      word = 0;
      shift = 0;
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
  words[14] = (length + size) << 3;
  words[15] = (length + size) >>> 29;
  compress(wantsFirst);
  return seen;
}
