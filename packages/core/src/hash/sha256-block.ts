/** Round constants: fractional parts of the cube roots of the first 64 primes (FIPS 180-4, §4.2.2). */
const K: Int32Array = /* @__PURE__ */ fractionsOfPrimes(Math.cbrt, 64);
/** The message schedule. */
const schedule: Int32Array = /* @__PURE__ */ new Int32Array(64);

/** The block being hashed, as sixteen big-endian words. It can be shared, because hashing is synchronous. */
export const words: Int32Array = /* @__PURE__ */ new Int32Array(16);
/** The eight words of the running hash. Signed, so that the engine treats them as integers instead of floating-point numbers. */
export const state: Int32Array = /* @__PURE__ */ new Int32Array(8);

/** Initial value of the running hash: fractional parts of the square roots of the first 8 primes (FIPS 180-4, §5.3.3). */
export const initial: Int32Array = /* @__PURE__ */ fractionsOfPrimes(Math.sqrt, 8);

/** Mixes `words` into `state`. Indices of typed arrays of fixed length are within bounds by construction. */
export function compress(): void {
  for (let i = 0; i < 16; i++) schedule[i] = at(words, i);
  for (let i = 16; i < 64; i++) {
    const w15 = at(schedule, i - 15);
    const w2 = at(schedule, i - 2);
    const s0 = rotate(w15, 7) ^ rotate(w15, 18) ^ (w15 >>> 3);
    const s1 = rotate(w2, 17) ^ rotate(w2, 19) ^ (w2 >>> 10);
    schedule[i] = (((at(schedule, i - 16) + s0) | 0) + ((at(schedule, i - 7) + s1) | 0)) | 0;
  }
  let a = at(state, 0);
  let b = at(state, 1);
  let c = at(state, 2);
  let d = at(state, 3);
  let e = at(state, 4);
  let f = at(state, 5);
  let g = at(state, 6);
  let h = at(state, 7);
  for (let i = 0; i < 64; i++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    // Each sum is truncated to 32 bits, so that the engine treats it as an integer.
    const t1 = (((h + s1) | 0) + ((g ^ (e & (f ^ g))) + ((at(K, i) + at(schedule, i)) | 0))) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (s0 + ((a & b) | (c & (a | b)))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] = (at(state, 0) + a) | 0;
  state[1] = (at(state, 1) + b) | 0;
  state[2] = (at(state, 2) + c) | 0;
  state[3] = (at(state, 3) + d) | 0;
  state[4] = (at(state, 4) + e) | 0;
  state[5] = (at(state, 5) + f) | 0;
  state[6] = (at(state, 6) + g) | 0;
  state[7] = (at(state, 7) + h) | 0;
}

/** Reads a word. All indices above are within bounds by construction. */
function at(words: Int32Array, index: number): number {
  return words[index] as number;
}

function rotate(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

/**
 * Returns the first 32 bits of the fractional part of each prime's root. A double has about 50 of these bits, so
 * rounding does not affect the first 32.
 */
function fractionsOfPrimes(root: (prime: number) => number, count: number): Int32Array {
  const fractions = new Int32Array(count);
  let length = 0;
  for (let i = 2; length < count; i++) {
    let divisor = 2;
    while (divisor * divisor <= i && i % divisor !== 0) divisor += 1;
    if (divisor * divisor > i) fractions[length++] = (root(i) % 1) * 2 ** 32;
  }
  return fractions;
}
