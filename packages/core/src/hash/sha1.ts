import { hashText } from "./big-endian.js";
import { type BlockHash, type HashPrefix, preparePrefix } from "./prefix.js";
import { compress, initial, state, words } from "./sha1-block.js";

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
  hashText(SHA1, prefix, text, suffix);
  // The upper word times 2^28 is exact, so only the sum is rounded, as when the digits are read as one number.
  return ((state[0] as number) >>> 0) * 0x1000_0000 + ((state[1] as number) >>> 4);
}
