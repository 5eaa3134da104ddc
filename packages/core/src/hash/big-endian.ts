import { type BlockHash, type HashPrefix, hashBytes } from "./prefix.js";
import { encodeUtf8 } from "./utf8.js";

/**
 * Leaves the hash of `prefix + text + suffix` in `hash.state`, whose words are big-endian. Nearly all strings are ASCII,
 * which needs no encoding.
 */
export function hashText(hash: BlockHash, prefix: HashPrefix, text: string, suffix: string): void {
  if (prefix.isWellFormed && hashAscii(hash, prefix, text, suffix) <= 0x7f) return;
  hashBytes(hash, encodeUtf8(prefix.text + text + suffix));
}

/**
 * Hashes as if all code units of the strings were bytes.
 *
 * @returns all code units combined by bitwise OR. Above 0x7f, one of them is not ASCII, and the hash is not valid.
 */
function hashAscii(
  { words, state, compress }: BlockHash,
  prefix: HashPrefix,
  text: string,
  suffix: string,
): number {
  // Read inside the function, so that V8 inlines the call with any bundler, and even if a class extends `String`.
  const charCodeAt = String.prototype.charCodeAt;
  const { length, words: begun, offset, state: former } = prefix;
  const textSize = text.length;
  const size = textSize + suffix.length;
  for (let i = 0; i < former.length; i++) state[i] = former[i] as number;
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
