import { finish, hashBytes, hashWord } from "./cohort-hash.js";
import { type CohortTable, startOf } from "./cohort-table.js";
import type { Cohort } from "./cohorts.js";

/** Maximum length of an id that is compared through {@link words}. */
const MAX_ASCII = 252;
/** The id to look up, packed as the hash reads it, so that its characters are read only once. */
const words = /* @__PURE__ */ new Int32Array(MAX_ASCII / 4 + 1);

/** The ids of a cohort, looked up in the bytes of its body. */
export class CohortIndex implements Cohort {
  readonly groupType: string;
  readonly fingerprint: string;
  readonly size: number;
  readonly #bytes: Uint8Array;
  readonly #slots: Int32Array;
  readonly #offsetBits: number;
  readonly #others: ReadonlySet<unknown>;

  constructor(table: CohortTable) {
    this.groupType = table.groupType;
    this.fingerprint = table.fingerprint;
    this.size = table.size;
    this.#bytes = table.bytes;
    this.#slots = table.slots;
    this.#offsetBits = table.offsetBits;
    this.#others = table.others;
  }

  has(id: unknown): boolean {
    if (typeof id === "string" && this.#find(id)) return true;
    return this.#others.size > 0 && this.#others.has(id);
  }

  #find(id: string): boolean {
    // Read inside the function, so that V8 inlines the call under any bundler, even after a class
    // extends `String`.
    const charCodeAt = String.prototype.charCodeAt;
    const size = id.length;
    if (size > MAX_ASCII) return this.#findEncoded(id);
    let hash = size;
    let units = 0;
    let count = 0;
    let i = 0;
    for (; i + 3 < size; i += 4) {
      const a = charCodeAt.call(id, i);
      const b = charCodeAt.call(id, i + 1);
      const c = charCodeAt.call(id, i + 2);
      const d = charCodeAt.call(id, i + 3);
      units |= a | b | c | d;
      const word = a | (b << 8) | (c << 16) | (d << 24);
      words[count++] = word;
      hash = hashWord(hash, word);
    }
    let rest = 0;
    for (; i < size; i++) {
      const unit = charCodeAt.call(id, i);
      units |= unit;
      rest = (rest << 8) | unit;
    }
    // Nearly every id is ASCII.
    if (units > 0x7f) return this.#findEncoded(id);
    words[count] = rest;
    const finished = finish(hashWord(hash, rest));
    const offsetBits = this.#offsetBits;
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let at = finished & mask; ; at = (at + 1) & mask) {
      const slot = slots[at] as number; // at <= mask
      if (slot === 0) return false;
      if (((slot ^ finished) & ~offsetBits) !== 0) continue;
      if (this.#areWordsAt(startOf(slot, offsetBits), size)) return true;
    }
  }

  /** Whether the id at an offset is the one in {@link words}. */
  #areWordsAt(start: number, size: number): boolean {
    const bytes = this.#bytes;
    const end = start + size;
    let count = 0;
    let at = start;
    for (; at + 3 < end; at += 4) {
      // Past the last byte this reads zeros, and then the closing quote is missing.
      const word =
        bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
      if (word !== words[count++]) return false;
    }
    let rest = 0;
    for (; at < end; at++) rest = (rest << 8) | bytes[at]!;
    return rest === words[count] && bytes[end] === QUOTE;
  }

  #findEncoded(id: string): boolean {
    const encoded = Uint8Array.from(encodeUtf8(id));
    const finished = hashBytes(encoded, 0, encoded.length);
    const offsetBits = this.#offsetBits;
    const mask = this.#slots.length - 1;
    for (let at = finished & mask; ; at = (at + 1) & mask) {
      const slot = this.#slots[at] as number; // at <= mask
      if (slot === 0) return false;
      if (((slot ^ finished) & ~offsetBits) !== 0) continue;
      const start = startOf(slot, offsetBits);
      const isSame = encoded.every((byte, i) => this.#bytes[start + i] === byte);
      if (isSame && this.#bytes[start + encoded.length] === QUOTE) return true;
    }
  }
}

const QUOTE = 0x22;

/** Encodes UTF-8. A lone surrogate, which no body contains unescaped, is encoded separately. */
function encodeUtf8(text: string): readonly number[] {
  const bytes: number[] = [];
  for (const character of text) {
    const point = character.codePointAt(0) as number; // every character has one
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), 0x80 | (point & 0x3f));
    else {
      if (point < 0x10000) bytes.push(0xe0 | (point >> 12));
      else bytes.push(0xf0 | (point >> 18), 0x80 | ((point >> 12) & 0x3f));
      bytes.push(0x80 | ((point >> 6) & 0x3f), 0x80 | (point & 0x3f));
    }
  }
  return bytes;
}
