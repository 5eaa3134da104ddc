import { DecodeError, type Steps } from "@sortition/core/dialect";
import { hashBytes } from "./cohort-hash.js";
import { type MemberSink, readMembers } from "./cohort-scanner.js";

/** Minimum size of a table. The size is a power of two. */
const MIN_SLOTS = 16;
/** Number of entries to move in one step when the table grows. */
const MOVES_PER_STEP = 512;
const QUOTE = 0x22;

/**
 * A hash table of a cohort's ids, stored as offsets in the bytes of its body. No strings are
 * created, except for ids with escapes. A source builds the table for each download, and
 * evaluations look ids up in it.
 */
export class CohortTable implements MemberSink {
  groupType = "";
  fingerprint = "";
  readonly bytes: Uint8Array;
  /**
   * Each slot contains an id's offset plus one in its low bits, as many as an offset needs, and
   * part of the id's hash in the others. Most slots of other ids can thus be skipped without
   * reading those ids, which are far away in memory. 0: free.
   */
  slots: Int32Array;
  /** Mask of the bits of a slot that contain the offset. */
  readonly offsetBits: number;
  /** Ids that have an escape in the body, or are not strings. Most cohorts have none. */
  readonly others: Set<unknown> = new Set();
  #count = 0;
  #sum = 0;

  private constructor(bytes: Uint8Array, slots: number) {
    this.bytes = bytes;
    this.slots = new Int32Array(slots);
    this.offsetBits = 0xffffffff >>> Math.clz32(bytes.length);
  }

  /**
   * Reads the body of a cohort in small steps.
   *
   * @param path - JSON path for errors.
   * @throws DecodeError if it is not a cohort.
   */
  static *build(bytes: Uint8Array, path: string): Steps<CohortTable> {
    const table = new this(bytes, MIN_SLOTS);
    const groupType = yield* readMembers(bytes, path, table);
    if (typeof groupType !== "string")
      throw new DecodeError(`${path}.groupType`, "expected a string");
    table.groupType = groupType;
    const others = [...table.others].map((id) => JSON.stringify(id));
    table.fingerprint = [groupType, bytes.length, table.size, table.#sum, ...others].join("\0");
    return table;
  }

  get size(): number {
    return this.#count + this.others.size;
  }

  isRoomy(): boolean {
    return this.#count * 2 < this.slots.length;
  }

  clear(): void {
    this.slots.fill(0);
    this.others.clear();
    this.#count = 0;
    this.#sum = 0;
  }

  /** Adds the id at an offset, unless it already exists. The table must have room for it. */
  add(start: number, end: number): void {
    const finished = hashBytes(this.bytes, start, end);
    const offsetBits = this.offsetBits;
    const mask = this.slots.length - 1;
    let at = finished & mask;
    for (let slot = this.slots[at]; slot !== 0; slot = this.slots[at]) {
      const other = slot as number; // at <= mask
      const isAlike = ((other ^ finished) & ~offsetBits) === 0;
      if (isAlike && this.#areSame(start, startOf(other, offsetBits))) return;
      at = (at + 1) & mask;
    }
    this.slots[at] = (finished & ~offsetBits) | (start + 1);
    this.#count += 1;
    this.#sum = (this.#sum + finished) >>> 0;
  }

  #areSame(a: number, b: number): boolean {
    const bytes = this.bytes;
    for (let i = 0; ; i++) {
      const byte = bytes[a + i];
      if (byte !== bytes[b + i]) return false;
      if (byte === QUOTE) return true;
    }
  }

  *grow(): Steps<void> {
    const former = this.slots;
    const slots = new Int32Array(former.length * 2);
    const mask = slots.length - 1;
    for (let i = 0; i < former.length; i++) {
      const slot = former[i] as number; // i < length
      if (slot !== 0) {
        let at = this.#hashAt(startOf(slot, this.offsetBits)) & mask;
        while (slots[at] !== 0) at = (at + 1) & mask;
        slots[at] = slot;
      }
      if (i % MOVES_PER_STEP === 0) yield;
    }
    this.slots = slots;
  }

  #hashAt(start: number): number {
    const bytes = this.bytes;
    let end = start;
    while (bytes[end] !== QUOTE) end += 1; // a quote follows
    return hashBytes(bytes, start, end);
  }
}

/** @param slot - an occupied slot. */
export function startOf(slot: number, offsetBits: number): number {
  return ((slot & offsetBits) >>> 0) - 1;
}
