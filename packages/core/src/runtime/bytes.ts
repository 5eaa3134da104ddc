import { host } from "./host.js";

/** Below this length, calling a native comparison costs more than it saves. */
const WORTH_A_CALL = 128;

/** Whether two ranges of bytes are equal. Uses a native comparison if the host has one. */
export function areEqualBytes(
  a: Uint8Array,
  aStart: number,
  b: Uint8Array,
  bStart: number,
  length: number,
): boolean {
  const { Buffer } = host();
  if (Buffer !== undefined && length >= WORTH_A_CALL) {
    // The method takes offsets and accepts any byte array, so a call allocates nothing.
    const { compare } = Buffer.prototype;
    return compare.call(a, b, bStart, bStart + length, aStart, aStart + length) === 0;
  }
  // Indexed loop, because it reads megabytes if there is no native comparison.
  for (let i = 0; i < length; i++) {
    if (a[aStart + i] !== b[bStart + i]) return false;
  }
  return true;
}
