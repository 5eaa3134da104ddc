import { DecodeError, parseJson, type Steps } from "@sortition/core/dialect";
import { charCodeAt } from "../condition/char-code-at.js";
import { finish, hashBytes, hashWord } from "./cohort-hash.js";
import { readMembers } from "./cohort-scanner.js";
import type { Cohort } from "./cohorts.js";

/** Smallest table; its size is a power of two. */
const MIN_SLOTS = 16;
/** Entries that are moved in one step when the table grows. */
const MOVES_PER_STEP = 512;

/** Longest id that is compared by {@link words}. */
const MAX_ASCII = 252;
/** The id that is looked up, as the hash reads it: its characters are read once. */
const words = new Int32Array(MAX_ASCII / 4 + 1);

/**
 * Ids of a cohort, found in the bytes of its body: a table of offsets by hash. No string is made of an id,
 * except of one that has an escape.
 */
export class CohortIndex implements Cohort {
  groupType = "";
  fingerprint = "";
  readonly #bytes: Uint8Array;
  /**
   * For each id its offset plus one, in as many low bits as an offset takes, and in the others a part of its
   * hash: a slot of another id is passed by without reading that id, which is far away in memory. 0: free.
   */
  #slots: Int32Array;
  /** The bits of a slot that are an offset. */
  readonly #offsetBits: number;
  #count = 0;
  /** Sum of the hashes of all ids. */
  #sum = 0;
  /** Ids that have an escape in the body. Most cohorts have none. */
  readonly #escaped = new Set<string>();

  private constructor(bytes: Uint8Array, slots: number) {
    this.#bytes = bytes;
    this.#slots = new Int32Array(slots);
    this.#offsetBits = 0xffffffff >>> Math.clz32(bytes.length);
  }

  /**
   * Indexes the body of a cohort, in small steps.
   *
   * @param path - JSON path for errors.
   * @throws DecodeError if it is not a cohort.
   */
  static *build(bytes: Uint8Array, path: string): Steps<CohortIndex> {
    const index = new CohortIndex(bytes, MIN_SLOTS);
    const groupType = yield* readMembers(bytes, path, {
      isRoomy: () => index.#count * 2 < index.#slots.length,
      grow: () => index.#grow(),
      add: (start, end) => index.#add(start, end),
      addEscaped: (start, end) => {
        index.#escaped.add(parseJson(bytes.subarray(start - 1, end + 1), path) as string); // a JSON string
      },
    });
    if (typeof groupType !== "string")
      throw new DecodeError(`${path}.groupType`, "expected a string");
    index.groupType = groupType;
    index.fingerprint = [groupType, bytes.length, index.size, index.#sum, ...index.#escaped].join(
      "\0",
    );
    return index;
  }

  get size(): number {
    return this.#count + this.#escaped.size;
  }

  has(id: unknown): boolean {
    if (typeof id !== "string") return false;
    return this.#find(id) || (this.#escaped.size > 0 && this.#escaped.has(id));
  }

  #find(id: string): boolean {
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
      // An id beyond the end of the bytes is not one of theirs.
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

  /** Adds the id at an offset, unless it is there. The table has room for it. */
  #add(start: number, end: number): void {
    const finished = hashBytes(this.#bytes, start, end);
    const offsetBits = this.#offsetBits;
    const mask = this.#slots.length - 1;
    let at = finished & mask;
    for (let slot = this.#slots[at]; slot !== 0; slot = this.#slots[at]) {
      const other = slot as number; // at <= mask
      const isAlike = ((other ^ finished) & ~offsetBits) === 0;
      if (isAlike && this.#areSame(start, startOf(other, offsetBits))) return;
      at = (at + 1) & mask;
    }
    this.#slots[at] = (finished & ~offsetBits) | (start + 1);
    this.#count += 1;
    this.#sum = (this.#sum + finished) >>> 0;
  }

  #areSame(a: number, b: number): boolean {
    const bytes = this.#bytes;
    for (let i = 0; ; i++) {
      const byte = bytes[a + i];
      if (byte !== bytes[b + i]) return false;
      if (byte === QUOTE) return true;
    }
  }

  *#grow(): Steps<void> {
    const former = this.#slots;
    const slots = new Int32Array(former.length * 2);
    const mask = slots.length - 1;
    for (let i = 0; i < former.length; i++) {
      const slot = former[i] as number; // i < length
      if (slot !== 0) {
        let at = this.#hashAt(startOf(slot, this.#offsetBits)) & mask;
        while (slots[at] !== 0) at = (at + 1) & mask;
        slots[at] = slot;
      }
      if (i % MOVES_PER_STEP === 0) yield;
    }
    this.#slots = slots;
  }

  #hashAt(start: number): number {
    const bytes = this.#bytes;
    let end = start;
    while (bytes[end] !== QUOTE) end += 1; // ends at a quote
    return hashBytes(bytes, start, end);
  }
}

const QUOTE = 0x22;

function startOf(slot: number, offsetBits: number): number {
  return ((slot & offsetBits) >>> 0) - 1;
}

/** UTF-8; a lone surrogate, which no body contains unescaped, is encoded by itself. */
function encodeUtf8(text: string): readonly number[] {
  const bytes: number[] = [];
  for (const character of text) {
    const point = character.codePointAt(0) as number; // a character has one
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
