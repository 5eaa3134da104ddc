/** A prefix of strings, with its part of the hash. */
export interface Murmur3Prefix {
  /** The prefix itself, or empty unless {@link isOpen}. */
  readonly text: string;
  /** Length in UTF-8 bytes. */
  readonly length: number;
  /** The hash of its complete 4-byte words, and the bytes after them. */
  readonly hash: number;
  readonly rest: number;
  /** Whether it ends within a character that the next string may complete. */
  readonly isOpen: boolean;
}

const NO_PREFIX: Murmur3Prefix = { text: "", length: 0, hash: 0, rest: 0, isOpen: false };

/** Prepares a prefix of strings for {@link murmur3Uint32}. */
export function murmur3Prefix(text: string): Murmur3Prefix {
  const last = text.charCodeAt(text.length - 1);
  const isOpen = last >= 0xd800 && last <= 0xdbff;
  const bytes = encodeEachSurrogate(text);
  const whole = bytes.length & ~3;
  let hash = 0;
  for (let i = 0; i < whole; i += 4) hash = mix(hash, readWord(bytes, i));
  return {
    text: isOpen ? text : "",
    length: bytes.length,
    hash,
    rest: readWord(bytes, whole),
    isOpen,
  };
}

/**
 * Computes MurmurHash3 (x86, 32 bits, seed 0) of `utf8(prefix + text)`. Returns an integer in [0, 2^32).
 *
 * Quirk: a lone surrogate is encoded by itself in three bytes (amplitude).
 *
 * @param prefix - created by `murmur3Prefix`. Default: none.
 */
export function murmur3Uint32(text: string, prefix: Murmur3Prefix = NO_PREFIX): number {
  // Read inside the function, so that V8 inlines the call with any bundler, and even if a class extends `String`.
  const charCodeAt = String.prototype.charCodeAt;
  if (prefix.isOpen) return murmur3Uint32(prefix.text + text);
  const size = text.length;
  let { hash, rest: word } = prefix;
  let shift = (prefix.length & 3) << 3;
  let i = 0;
  // Reads four characters at a time, which complete one word of the hash and begin the next.
  for (; i + 3 < size; i += 4) {
    const a = charCodeAt.call(text, i);
    const b = charCodeAt.call(text, i + 1);
    const c = charCodeAt.call(text, i + 2);
    const d = charCodeAt.call(text, i + 3);
    // Nearly all strings are ASCII. For others, only the prefix's part of the hash can be used.
    if ((a | b | c | d) > 0x7f) return hashEncoded(text, prefix);
    const four = a | (b << 8) | (c << 16) | (d << 24);
    hash = mix(hash, word | (four << shift));
    word = shift === 0 ? 0 : four >>> (32 - shift);
  }
  for (; i < size; i++) {
    const unit = charCodeAt.call(text, i);
    if (unit > 0x7f) return hashEncoded(text, prefix);
    word |= unit << shift;
    shift += 8;
    if (shift === 32) {
      hash = mix(hash, word);
      word = 0;
      shift = 0;
    }
  }
  return finish(hash, word, prefix.length + size);
}

function hashEncoded(text: string, prefix: Murmur3Prefix): number {
  const bytes = encodeEachSurrogate(text);
  let { hash, rest: word } = prefix;
  let shift = (prefix.length & 3) << 3;
  for (const byte of bytes) {
    word |= byte << shift;
    shift += 8;
    if (shift === 32) {
      hash = mix(hash, word);
      word = 0;
      shift = 0;
    }
  }
  return finish(hash, word, prefix.length + bytes.length);
}

function mix(hash: number, word: number): number {
  const mixed = hash ^ scramble(word);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function scramble(word: number): number {
  const product = Math.imul(word, 0xcc9e2d51);
  return Math.imul((product << 15) | (product >>> 17), 0x1b873593);
}

/** Finishes the hash. An incomplete word of zero bytes has no effect, because its product is 0. */
function finish(hash: number, rest: number, length: number): number {
  let mixed = hash ^ scramble(rest) ^ length;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** Reads four bytes at an offset as a little-endian word. Bytes after the end are 0. */
function readWord(bytes: readonly number[], at: number): number {
  let word = 0;
  for (let i = 0; i < 4; i++) word |= (bytes[at + i] ?? 0) << (i << 3);
  return word;
}

/** Encodes a string as UTF-8, except that a lone surrogate is encoded by itself. */
function encodeEachSurrogate(text: string): readonly number[] {
  const bytes: number[] = [];
  for (const character of text) {
    const point = character.codePointAt(0) as number; // each character has a code point
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), 0x80 | (point & 0x3f));
    else if (point < 0x10000)
      bytes.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 0x3f), 0x80 | (point & 0x3f));
    else {
      bytes.push(0xf0 | (point >> 18), 0x80 | ((point >> 12) & 0x3f));
      bytes.push(0x80 | ((point >> 6) & 0x3f), 0x80 | (point & 0x3f));
    }
  }
  return bytes;
}
