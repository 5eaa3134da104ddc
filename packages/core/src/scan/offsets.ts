/** A stretch of a payload; `end` is exclusive. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Where the texts of flags are in their payload, by a number for each flag. */
export interface Offsets {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

const MIN_CAPACITY = 64;

/** Offsets that are still being found. Typed arrays: lists of numbers are garbage that is copied. */
export class OffsetList {
  #starts: Uint32Array;
  #ends: Uint32Array;
  #length = 0;

  /** @param capacity - how many there will be, probably. */
  constructor(capacity: number) {
    this.#starts = new Uint32Array(Math.max(capacity, MIN_CAPACITY));
    this.#ends = new Uint32Array(this.#starts.length);
  }

  get length(): number {
    return this.#length;
  }

  at(number: number): Stretch {
    // It is there: who asks has set it.
    return { start: this.#starts[number] as number, end: this.#ends[number] as number };
  }

  /** Sets one that is there, or the next one. */
  set(number: number, start: number, end: number): void {
    if (number === this.#starts.length) {
      this.#starts = resized(this.#starts, 2 * number);
      this.#ends = resized(this.#ends, 2 * number);
    }
    this.#starts[number] = start;
    this.#ends[number] = end;
    this.#length = Math.max(this.#length, number + 1);
  }

  finish(): Offsets {
    const length = this.#length;
    return length === this.#starts.length
      ? { starts: this.#starts, ends: this.#ends }
      : { starts: resized(this.#starts, length), ends: resized(this.#ends, length) };
  }
}

function resized(list: Uint32Array, length: number): Uint32Array {
  const copy = new Uint32Array(length);
  copy.set(list.subarray(0, length));
  return copy;
}
