import { host } from "./host.js";

/** Below it, the call of a native comparison costs more than it saves. */
const WORTH_A_CALL = 128;

/** Whether two stretches of bytes are equal; compared natively where the host offers it. */
export function areEqualBytes(
  a: Uint8Array,
  aStart: number,
  b: Uint8Array,
  bStart: number,
  length: number,
): boolean {
  const { Buffer } = host();
  if (Buffer !== undefined && length >= WORTH_A_CALL) {
    // The method of a buffer takes stretches, and any bytes for itself: nothing is made for a call.
    const { compare } = Buffer.prototype;
    return compare.call(a, b, bStart, bStart + length, aStart, aStart + length) === 0;
  }
  // Indexed loop: there are megabytes of it where the host compares nothing.
  for (let i = 0; i < length; i++) {
    if (a[aStart + i] !== b[bStart + i]) return false;
  }
  return true;
}
