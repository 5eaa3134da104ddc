import { encodeUtf8, hasLoneSurrogate } from "./utf8.js";

/**
 * The common prefix of strings to be hashed (a salt), prepared once. Hashing a string after a prefix costs no more than
 * hashing the string, because nothing is concatenated.
 */
export interface HashPrefix {
  readonly text: string;
  /** Length in UTF-8 bytes. */
  readonly length: number;
  /** The hash of its complete 64-byte blocks. */
  readonly state: Int32Array;
  /** The words after complete blocks, in an array shared with other prefixes. */
  readonly words: Int32Array;
  /**
   * Index in {@link words} at which the bytes after complete blocks begin, in the order in which the hash reads words.
   * Zeros complete the last word. At least one of its bytes is zero.
   */
  readonly offset: number;
  /** False if the prefix begins or ends within a character, so that only the whole string can be encoded. */
  readonly isWellFormed: boolean;
}

/** The parts of a block hash (64 bytes per block) that a prefix needs. */
export interface BlockHash {
  readonly isBigEndian: boolean;
  /** The sixteen words of the block and the running hash, which are input and output of `compress`. */
  readonly words: Int32Array;
  readonly state: Int32Array;
  /** Initial value of `state`. */
  readonly initial: Int32Array;
  compress(): void;
}

/** Size of {@link pool}, which has room for about eighty salts. It is kept as long as one of its prefixes. */
const POOL_WORDS = 512;

/**
 * The words of several prefixes. An array for each prefix would take 170 bytes in addition to its content, and the time
 * to evaluate many flags depends on how much memory that touches.
 */
let pool = /* @__PURE__ */ new Int32Array(POOL_WORDS);
let poolEnd = 0;

export function preparePrefix(hash: BlockHash, text: string): HashPrefix {
  if (beginAscii(hash, text) <= 0x7f) return prefixOf(hash, text, text.length, true);
  const bytes = encodeUtf8(text);
  const whole = bytes.length - (bytes.length % 64);
  compressBlocks(hash, bytes.subarray(0, whole));
  const rest = new Uint8Array(64);
  rest.set(bytes.subarray(whole));
  readWords(hash, rest, 0);
  return prefixOf(hash, text, bytes.length, !hasLoneSurrogate(text));
}

/** Creates a prefix from the current state of `hash`. */
function prefixOf(
  { initial, state, words }: BlockHash,
  text: string,
  length: number,
  isWellFormed: boolean,
): HashPrefix {
  if (poolEnd > POOL_WORDS - 16) {
    pool = new Int32Array(POOL_WORDS);
    poolEnd = 0;
  }
  const offset = poolEnd;
  pool.set(words, offset);
  poolEnd += ((length & 63) >> 2) + 1; // the words after that are zeros
  return {
    length,
    state: length < 64 ? initial : state.slice(), // most prefixes are short
    words: pool,
    offset,
    isWellFormed,
    text,
  };
}

/**
 * Hashes complete blocks as if all code units were bytes, and leaves the rest in `hash.words`.
 *
 * @returns all code units combined by bitwise OR. Above 0x7f, one of them is not ASCII, and the hash is not valid.
 */
function beginAscii(
  { isBigEndian, words, state, initial, compress }: BlockHash,
  text: string,
): number {
  // Read inside the function, so that V8 inlines the call with any bundler, and even if a class extends `String`.
  const charCodeAt = String.prototype.charCodeAt;
  state.set(initial);
  words.fill(0);
  let seen = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = charCodeAt.call(text, i);
    seen |= unit;
    const at = (i & 63) >> 2;
    const shift = (isBigEndian ? 3 - (i & 3) : i & 3) << 3;
    words[at] = (words[at] as number) | (unit << shift);
    if ((i & 63) !== 63) continue;
    compress();
    words.fill(0);
  }
  return seen;
}

/** Leaves the hash of the bytes in `hash.state`. */
export function hashBytes(hash: BlockHash, bytes: Uint8Array): void {
  const padded = new Uint8Array(bytes.length + 72 - ((bytes.length + 8) % 64));
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  const [low, high] = [(bytes.length << 3) >>> 0, Math.floor(bytes.length / 0x20000000)];
  view.setUint32(padded.length - 8, hash.isBigEndian ? high : low, !hash.isBigEndian);
  view.setUint32(padded.length - 4, hash.isBigEndian ? low : high, !hash.isBigEndian);
  compressBlocks(hash, padded);
}

/** Hashes complete blocks, starting from the initial state. */
function compressBlocks(hash: BlockHash, blocks: Uint8Array): void {
  hash.state.set(hash.initial);
  for (let offset = 0; offset < blocks.length; offset += 64) {
    readWords(hash, blocks, offset);
    hash.compress();
  }
}

function readWords({ isBigEndian, words }: BlockHash, bytes: Uint8Array, offset: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, 64);
  for (let i = 0; i < 16; i++) words[i] = view.getInt32(i * 4, !isBigEndian);
}
