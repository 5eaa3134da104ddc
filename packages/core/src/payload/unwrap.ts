import { textOf } from "../runtime/text.js";
import type { ByteRange } from "./offsets.js";
import { CLOSE, COMMA, OPEN, readMember, rootStart } from "./read-member.js";
import { endOfValue, skipBlanks } from "./value-end.js";

/** A document inside another one. */
export interface Wrapped {
  /** The bytes of the inner document, as a view and not a copy. */
  readonly bytes: Uint8Array;
  /** The parsed payload, with `null` instead of the inner document. */
  readonly envelope: unknown;
}

/**
 * Finds a document inside a payload without parsing it.
 *
 * @param path - names of the members that lead to it.
 * @param unless - a member of the root that only payloads without an envelope have.
 * @returns `null` if there is none, or the bytes around it are damaged.
 */
export function unwrap(bytes: Uint8Array, path: readonly string[], unless: string): Wrapped | null {
  let range: ByteRange | null = { start: rootStart(bytes), end: bytes.length };
  for (const [depth, name] of path.entries()) {
    range = memberOf(bytes, range.start, name, depth === 0 ? unless : null);
    if (range === null) return null;
  }
  const { end, start } = range;
  try {
    const around = `${textOf(bytes.subarray(0, start))}null${textOf(bytes.subarray(end))}`;
    return { bytes: bytes.subarray(start, end), envelope: JSON.parse(around) };
  } catch {
    return null;
  }
}

/** Returns the value of a member of the object at `start`. The later of two members wins. */
function memberOf(
  bytes: Uint8Array,
  start: number,
  name: string,
  unless: string | null,
): ByteRange | null {
  if (bytes[start] !== OPEN.map) return null;
  let found: ByteRange | null = null;
  let i = skipBlanks(bytes, start + 1);
  while (bytes[i] !== CLOSE.map) {
    const member = readMember(bytes, i);
    if (member === null || member.name === unless) return null;
    const { valueStart } = member;
    const end = endOfValue(bytes, valueStart);
    if (end === -1) return null;
    if (member.name === name) found = { start: valueStart, end };
    i = skipBlanks(bytes, end);
    if (bytes[i] === COMMA) i = skipBlanks(bytes, i + 1);
    else if (bytes[i] !== CLOSE.map) return null;
  }
  return found;
}
