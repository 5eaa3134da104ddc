const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;

/**
 * Finds the end of a JSON value only by its brackets and strings. Everything between them is not validated.
 *
 * @param start - offset of its first byte.
 * @returns the offset after its last byte, or -1 if it is incomplete or there is none.
 */
export function endOfValue(bytes: Uint8Array, start: number): number {
  const first = bytes[start];
  if (first === QUOTE) return endOfString(bytes, start);
  if (first === 0x7b || first === 0x5b) return endOfNested(bytes, start);
  return endOfScalar(bytes, start);
}

/** Returns the offset after the last quote of the string whose first quote is at `start`, or -1. */
export function endOfString(bytes: Uint8Array, start: number): number {
  const { length } = bytes;
  for (let i = start + 1; i < length; i++) {
    const byte = bytes[i];
    if (byte === QUOTE) return i + 1;
    if (byte === BACKSLASH) i += 1;
  }
  return -1;
}

/** Returns the offset of the first byte at or after `start` that is not white space, or the length if there is none. */
export function skipBlanks(bytes: Uint8Array, start: number): number {
  let i = start;
  while (i < bytes.length && isBlank(bytes[i] as number)) i += 1;
  return i;
}

function endOfNested(bytes: Uint8Array, start: number): number {
  const { length } = bytes;
  let depth = 0;
  let i = start;
  // The hottest loop of loading, because it reads every byte of a large payload. The inner loop reads strings.
  while (i < length) {
    const byte = bytes[i++] as number; // i < length
    if (byte === QUOTE) {
      for (;;) {
        if (i >= length) return -1;
        const inside = bytes[i++];
        if (inside === QUOTE) break;
        if (inside === BACKSLASH) i += 1;
      }
    } else if (byte > 0x5a) {
      const bracket = byte | 0x20; // [ and { become {, ] and } become }
      if (bracket === 0x7b) depth += 1;
      else if (bracket === 0x7d) {
        depth -= 1;
        if (depth === 0) return i;
      }
    }
  }
  return -1;
}

/** Finds the end of a number or literal. `JSON.parse` validates it later. */
function endOfScalar(bytes: Uint8Array, start: number): number {
  let i = start;
  for (; i < bytes.length; i++) {
    const byte = bytes[i] as number; // i < length
    if (byte === COMMA || byte === 0x7d || byte === 0x5d || isBlank(byte)) break;
    if (byte === QUOTE || byte === COLON || byte === 0x7b || byte === 0x5b) return -1;
  }
  return i === start ? -1 : i;
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
