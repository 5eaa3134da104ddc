/** A range of bytes in a payload. `end` is exclusive. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Byte ranges of flags in their payload, by the flag's number. */
interface Offsets {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

/**
 * Offsets under construction. They are typed arrays, because growing lists of numbers would be copied and
 * garbage-collected.
 */
export interface OffsetList {
  starts: Uint32Array;
  ends: Uint32Array;
  length: number;
}

const MIN_CAPACITY = 64;

/** @param capacity - expected number of flags. */
export function startOffsets(capacity: number): OffsetList {
  const room = Math.max(capacity, MIN_CAPACITY);
  return { starts: new Uint32Array(room), ends: new Uint32Array(room), length: 0 };
}

/** Sets the offsets of a flag, or appends the offsets of the next flag. */
export function setOffsets(list: OffsetList, number: number, start: number, end: number): void {
  if (number === list.starts.length) {
    list.starts = resized(list.starts, 2 * number);
    list.ends = resized(list.ends, 2 * number);
  }
  list.starts[number] = start;
  list.ends[number] = end;
  if (number === list.length) list.length = number + 1;
}

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
