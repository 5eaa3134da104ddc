import { readString } from "./read-string.js";
import { endOfString, endOfValue, skipBlanks } from "./value-end.js";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
export const COMMA = 0x2c;
/** Opening bracket of a container of flags, by its shape. */
export const OPEN = { map: 0x7b, list: 0x5b } as const;
export const CLOSE = { map: 0x7d, list: 0x5d } as const;

/** Returns the offset of a payload's first byte that is neither a byte order mark nor white space. */
export function rootStart(bytes: Uint8Array): number {
  return skipBlanks(bytes, startsWithMark(bytes) ? 3 : 0);
}

/** A flag or another value in the payload. */
export interface NamedValue {
  readonly name: string;
  readonly valueStart: number;
  /** `undefined`: it was not searched for. */
  readonly end: number | undefined;
}

/** Reads the name of the member at `start`, and the offset of its value. */
export function readMember(bytes: Uint8Array, start: number, expected?: string): NamedValue | null {
  if (bytes[start] !== QUOTE) return null;
  const end = endOfString(bytes, start);
  if (end === -1) return null;
  const colon = skipBlanks(bytes, end);
  const name = bytes[colon] === COLON ? readString(bytes, start, end, expected) : null;
  return name === null ? null : { name, valueStart: skipBlanks(bytes, colon + 1), end: undefined };
}

/**
 * Reads the key of a flag in a list, and the offset of the flag's end, in one pass over its bytes. Returns `null` if it
 * has no key or no end.
 */
export function readListed(
  bytes: Uint8Array,
  start: number,
  keyMember: string,
  expected: string | undefined,
): NamedValue | null {
  if (bytes[start] !== OPEN.map) return null;
  let key: string | null = null;
  let i = skipBlanks(bytes, start + 1);
  while (bytes[i] === QUOTE) {
    const nameEnd = endOfString(bytes, i);
    const colon = nameEnd === -1 ? -1 : skipBlanks(bytes, nameEnd);
    if (bytes[colon] !== COLON) break;
    const valueStart = skipBlanks(bytes, colon + 1);
    const valueEnd = endOfValue(bytes, valueStart);
    if (valueEnd === -1) break;
    if (isName(bytes, i, nameEnd, keyMember)) {
      const isString = bytes[valueStart] === QUOTE;
      key = isString ? readString(bytes, valueStart, valueEnd, expected) : null;
    }
    i = skipBlanks(bytes, valueEnd);
    if (bytes[i] !== COMMA) break;
    i = skipBlanks(bytes, i + 1);
  }
  if (key === null) return null;
  // Damage inside the flag does not matter here if its end can be found.
  const end = bytes[i] === CLOSE.map ? i + 1 : endOfValue(bytes, start);
  return { name: key, valueStart: start, end };
}

/**
 * Whether a JSON string, including its quotes, is this name. Compares bytes, because only the name of the key member
 * matters.
 */
function isName(bytes: Uint8Array, start: number, end: number, name: string): boolean {
  const size = end - start - 2;
  if (size === name.length) {
    let i = 0;
    while (i < size && bytes[start + 1 + i] === name.charCodeAt(i)) i += 1;
    if (i === size) return true;
  }
  // An escape sequence is longer than the character that it represents.
  if (size <= name.length) return false;
  for (let i = start; i < end; i++) {
    if (bytes[i] === BACKSLASH) return readString(bytes, start, end) === name;
  }
  return false;
}

function startsWithMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}
