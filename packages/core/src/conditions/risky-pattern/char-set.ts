/**
 * A set of UTF-16 code units, as bits: one for each of the first 256, and one for each of 64 groups of all
 * others. Sets of different units above 255 may seem to overlap.
 */
export type CharSet = Uint32Array;

const WORDS = 10;
const LATIN = 256;
const GROUPS = 64;

/** The set of the units from `first` to `last`. */
export function addRange(set: CharSet, first: number, last: number): CharSet {
  for (let unit = first; unit <= Math.min(last, LATIN - 1); unit++) add(set, unit);
  if (last - Math.max(first, LATIN) >= GROUPS) {
    set[8] = 0xffffffff;
    set[9] = 0xffffffff;
  } else for (let unit = Math.max(first, LATIN); unit <= last; unit++) add(set, unit);
  return set;
}

/** An empty set. */
export function emptySet(): CharSet {
  return new Uint32Array(WORDS);
}

/** Adds all members of another set. */
export function addAll(set: CharSet, other: CharSet): CharSet {
  for (let i = 0; i < WORDS; i++) set[i] = word(set, i) | word(other, i);
  return set;
}

/** All other units. Units above 255 count as others, unless the set has all of them. */
export function complementOf(set: CharSet): CharSet {
  const others = emptySet();
  for (let i = 0; i < 8; i++) others[i] = ~word(set, i);
  const hasAll = word(set, 8) === 0xffffffff && word(set, 9) === 0xffffffff;
  if (!hasAll) others[8] = others[9] = 0xffffffff;
  return others;
}

/** Whether two sets have a member in common. */
export function overlap(one: CharSet, other: CharSet): boolean {
  for (let i = 0; i < WORDS; i++) if ((word(one, i) & word(other, i)) !== 0) return true;
  return false;
}

/** Adds letters in the other case. */
export function foldCase(set: CharSet): CharSet {
  for (let lower = 0x61; lower <= 0x7a; lower++) {
    if (has(set, lower)) add(set, lower - 0x20);
    else if (has(set, lower - 0x20)) add(set, lower);
  }
  return set;
}

function add(set: CharSet, unit: number): void {
  const bit = unit < LATIN ? unit : LATIN + (unit % GROUPS);
  set[bit >> 5] = word(set, bit >> 5) | (1 << (bit & 31));
}

function has(set: CharSet, unit: number): boolean {
  return (word(set, unit >> 5) & (1 << (unit & 31))) !== 0;
}

function word(set: CharSet, index: number): number {
  return set[index] ?? 0;
}
