import { textOf } from "../runtime/text.js";

const BACKSLASH = 0x5c;

/**
 * Decodes a JSON string, including its quotes. Returns `null` if it is damaged.
 *
 * @param expected - the probable value. If it is equal, it is returned and nothing is allocated.
 */
export function readString(
  bytes: Uint8Array,
  start: number,
  end: number,
  expected?: string,
): string | null {
  if (expected !== undefined && isPlainly(expected, bytes, start + 1, end - 1)) return expected;
  let text = "";
  for (let i = start + 1; i < end - 1; i++) {
    const byte = bytes[i] as number; // i < end
    if (!isPlain(byte)) return parseString(bytes, start, end);
    text += String.fromCharCode(byte);
  }
  return text;
}

/** Whether bytes equal an ASCII string without escapes. */
function isPlainly(text: string, bytes: Uint8Array, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number; // i < end
    if (byte !== text.charCodeAt(i - start) || !isPlain(byte)) return false;
  }
  return true;
}

/** Whether a byte inside a JSON string represents itself. */
function isPlain(byte: number): boolean {
  return byte >= 0x20 && byte <= 0x7e && byte !== BACKSLASH;
}

function parseString(bytes: Uint8Array, start: number, end: number): string | null {
  try {
    return JSON.parse(textOf(bytes.subarray(start, end))) as string; // it has quotes
  } catch {
    return null;
  }
}
