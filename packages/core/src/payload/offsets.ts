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

/** Offsets that are still being found. Typed arrays: lists of numbers are garbage that is copied. */
export interface OffsetList {
  starts: Uint32Array;
  ends: Uint32Array;
  length: number;
}

const MIN_CAPACITY = 64;

/** @param capacity - how many there will be, probably. */
export function startOffsets(capacity: number): OffsetList {
  const room = Math.max(capacity, MIN_CAPACITY);
  return { starts: new Uint32Array(room), ends: new Uint32Array(room), length: 0 };
}

/** Sets the offsets of a flag that has some, or of the next one. */
export function setOffsets(list: OffsetList, number: number, start: number, end: number): void {
  if (number === list.starts.length) {
    list.starts = resized(list.starts, 2 * number);
    list.ends = resized(list.ends, 2 * number);
  }
  list.starts[number] = start;
  list.ends[number] = end;
  if (number === list.length) list.length = number + 1;
}

/** No more will come. */
export function finishOffsets({ starts, ends, length }: OffsetList): Offsets {
  return length === starts.length
    ? { starts, ends }
    : { starts: resized(starts, length), ends: resized(ends, length) };
}

function resized(list: Uint32Array, length: number): Uint32Array {
  const copy = new Uint32Array(length);
  copy.set(list.subarray(0, length));
  return copy;
}
