const WORDS_PER_SLOT = 3;
const FIRST_SLOTS = 16;

/** Numbers keys by their hashes, from 0. Takes 16 to 32 bytes per key, independent of the length of the keys. */
export class KeyTable {
  /** Each slot has both halves of the hash, and the number plus 1. A free slot has 0. */
  #slots: Uint32Array = new Uint32Array(FIRST_SLOTS * WORDS_PER_SLOT);
  #mask = FIRST_SLOTS - 1;
  #size = 0;

  /** Number of keys. */
  get size(): number {
    return this.#size;
  }

  /** Returns the number of a key. A new key gets the next number, which is the previous {@link size}. */
  numberOf(low: number, high: number): number {
    const at = slotOf(this.#slots, this.#mask, low, high);
    const known = this.#slots[at + 2] as number; // a slot has three words
    if (known !== 0) return known - 1;
    this.#size += 1;
    this.#put(at, low, high, this.#size);
    if (this.#size * 4 > (this.#mask + 1) * 3) this.#grow();
    return this.#size - 1;
  }

  #put(at: number, low: number, high: number, number: number): void {
    this.#slots[at] = low;
    this.#slots[at + 1] = high;
    this.#slots[at + 2] = number;
  }

  #grow(): void {
    const old = this.#slots;
    const slots = (this.#mask + 1) * 2;
    this.#mask = slots - 1;
    this.#slots = new Uint32Array(slots * WORDS_PER_SLOT);
    for (let at = 0; at < old.length; at += WORDS_PER_SLOT) {
      const [low, high, number] = [old[at], old[at + 1], old[at + 2]] as [number, number, number];
      if (number === 0) continue;
      this.#put(slotOf(this.#slots, this.#mask, low, high), low, high, number);
    }
  }
}

/** Returns the index of a key's slot, or of the free slot for it. */
function slotOf(slots: Uint32Array, mask: number, low: number, high: number): number {
  for (let slot = low & mask; ; slot = (slot + 1) & mask) {
    const at = slot * WORDS_PER_SLOT;
    if (slots[at + 2] === 0 || (slots[at] === low && slots[at + 1] === high)) return at;
  }
}
