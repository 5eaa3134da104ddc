/** Returns numbers in [0, 1), all multiples of 2⁻⁵³. */
export type Random = () => number;

/**
 * Returns a random number generator that gives the same numbers for the same seed on any machine. Do not use it for secrets.
 *
 * @param seed - an integer in 0 … 2³² − 1.
 * @throws RangeError
 */
export function seededRandom(seed: number): Random {
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) {
    throw new RangeError(`seed: expected an integer in 0…4294967295, received ${seed}`);
  }
  const next = xoshiro128(spread(seed));
  return () => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) / 2 ** 53;
}

/** State of xoshiro128: 32-bit numbers that are not all 0. */
export type State = readonly [number, number, number, number];

/**
 * Returns a generator of 32-bit numbers by xoshiro128** (Blackman and Vigna, "Scrambled Linear Pseudorandom Number
 * Generators", 2021).
 *
 * @see https://prng.di.unimi.it/xoshiro128starstar.c
 */
export function xoshiro128(state: State): () => number {
  let [a, b, c, d] = state;
  return () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return result;
  };
}

function rotate(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits));
}

/** Returns a state in which each bit depends on each bit of the seed. It hashes golden-ratio steps by MurmurHash3's finalizer. */
function spread(seed: number): State {
  const word = (i: number): number => {
    let mixed = (seed + Math.imul(i, 0x9e3779b9)) | 0;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return mixed ^ (mixed >>> 16);
  };
  return [word(1), word(2), word(3), word(4)];
}
