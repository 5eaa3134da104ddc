/** Round constants: fractional parts of the cube roots of the first 64 primes (FIPS 180-4, §4.2.2). */
const K: Int32Array = /* @__PURE__ */ new Int32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]);
/** Initial state: fractional parts of the square roots of the first 8 primes (FIPS 180-4, §5.3.3). */
const INITIAL: Int32Array = /* @__PURE__ */ new Int32Array([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);

/**
 * Working memory: a call is synchronous, and nothing of it is returned. Signed, so that words are
 * integers for the engine, which takes unsigned ones for floating-point numbers.
 */
const STATE: Int32Array = /* @__PURE__ */ new Int32Array(8);
const WORDS: Int32Array = /* @__PURE__ */ new Int32Array(64);
/** The last bytes of the input with their padding: one or two blocks. */
const TAIL: Uint8Array = /* @__PURE__ */ new Uint8Array(128);

/** SHA-256 of bytes (FIPS 180-4). */
export function sha256(bytes: Uint8Array): Uint8Array {
  STATE.set(INITIAL);
  const rest = bytes.length % 64;
  const whole = bytes.length - rest;
  for (let offset = 0; offset < whole; offset += 64) compress(bytes, offset);

  const end = rest < 56 ? 64 : 128;
  TAIL.fill(0);
  for (let i = 0; i < rest; i++) TAIL[i] = bytes[whole + i] as number; // within bounds
  TAIL[rest] = 0x80;
  writeWord(TAIL, end - 8, Math.floor(bytes.length / 0x20000000));
  writeWord(TAIL, end - 4, bytes.length << 3);
  for (let offset = 0; offset < end; offset += 64) compress(TAIL, offset);

  const hash = new Uint8Array(32);
  for (let i = 0; i < 8; i++) writeWord(hash, i * 4, at(STATE, i));
  return hash;
}

function writeWord(bytes: Uint8Array, offset: number, word: number): void {
  bytes[offset] = word >>> 24;
  bytes[offset + 1] = word >>> 16;
  bytes[offset + 2] = word >>> 8;
  bytes[offset + 3] = word;
}

function compress(block: Uint8Array, offset: number): void {
  const state = STATE;
  const words = WORDS;
  for (let i = 0; i < 16; i++) {
    const byte = offset + i * 4;
    // Within bounds: blocks are whole.
    words[i] =
      ((block[byte] as number) << 24) |
      ((block[byte + 1] as number) << 16) |
      ((block[byte + 2] as number) << 8) |
      (block[byte + 3] as number);
  }
  for (let i = 16; i < 64; i++) {
    const w15 = at(words, i - 15);
    const w2 = at(words, i - 2);
    const s0 = rotate(w15, 7) ^ rotate(w15, 18) ^ (w15 >>> 3);
    const s1 = rotate(w2, 17) ^ rotate(w2, 19) ^ (w2 >>> 10);
    words[i] = (at(words, i - 16) + s0 + at(words, i - 7) + s1) | 0;
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
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + at(K, i) + at(words, i)) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
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

/** All indices above are within bounds by construction. */
function at(words: Int32Array, index: number): number {
  return words[index] as number;
}

function rotate(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}
