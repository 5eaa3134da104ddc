import { bytesOf } from "../runtime/text.js";
import type { ByteRange } from "./offsets.js";
import type { FlagsPlace } from "./raw-flags.js";
import { CLOSE, COMMA, OPEN, readListed, readMember, rootStart } from "./read-member.js";
import { endOfValue, skipBlanks } from "./value-end.js";

/**
 * Replaces, adds or removes one flag in the bytes of a payload. All other flags are unchanged, so their compiled form
 * can be adopted.
 *
 * @param json - the flag as valid JSON. `undefined`: remove it. For a list, it contains its key.
 * @returns the given bytes if there is nothing to remove. `null` if the payload is not recognised because it is damaged
 * or unusual.
 */
export function spliceFlag(
  bytes: Uint8Array,
  place: FlagsPlace,
  key: string,
  json: string | undefined,
): Uint8Array | null {
  const found = findFlag(bytes, place, key);
  if (found === null) return null;
  if (json !== undefined) return withValue(bytes, place, found, key, json);
  const [first, ...others] = found.flags;
  if (first === undefined) return bytes;
  const rest = replaced(bytes, rangeWithComma(bytes, first, found), "");
  // A key may occur twice.
  return others.length === 0 ? rest : spliceFlag(rest, place, key, undefined);
}

/** A flag without the commas around it. In a map, the range includes its key. */
interface FoundFlag extends ByteRange {
  readonly valueStart: number;
  /** End of the previous flag, or `null` if it is the first. */
  readonly formerEnd: number | null;
}

/** The positions of the flags with a key in a payload. */
interface Found {
  readonly flags: readonly FoundFlag[];
  /** Offset of the last byte of the container. */
  readonly close: number;
  readonly isEmpty: boolean;
}

function withValue(
  bytes: Uint8Array,
  { shape }: FlagsPlace,
  { close, flags, isEmpty }: Found,
  key: string,
  json: string,
): Uint8Array {
  // The later of two flags wins.
  const last = flags.at(-1);
  if (last !== undefined) return replaced(bytes, { start: last.valueStart, end: last.end }, json);
  const member = shape === "map" ? `${JSON.stringify(key)}:${json}` : json;
  return replaced(bytes, { start: close, end: close }, isEmpty ? member : `,${member}`);
}

/** Returns the range of the flag and the comma before it, or the comma after it if it is the first. */
function rangeWithComma(bytes: Uint8Array, flag: FoundFlag, { close }: Found): ByteRange {
  if (flag.formerEnd !== null) return { start: flag.formerEnd, end: flag.end };
  const after = skipBlanks(bytes, flag.end);
  return { start: flag.start, end: after === close ? flag.end : skipBlanks(bytes, after + 1) };
}

function replaced(bytes: Uint8Array, { end, start }: ByteRange, text: string): Uint8Array {
  const inserted = bytesOf(text);
  const result = new Uint8Array(bytes.length - (end - start) + inserted.length);
  result.set(bytes.subarray(0, start));
  result.set(inserted, start);
  result.set(bytes.subarray(end), start + inserted.length);
  return result;
}

function findFlag(bytes: Uint8Array, place: FlagsPlace, key: string): Found | null {
  const start = rootStart(bytes);
  const found =
    place.member === null ? findIn(bytes, start, place, key) : findInRoot(bytes, start, place, key);
  if (found === null) return null;
  return skipBlanks(bytes, found.searchedTo) === bytes.length ? found : null;
}

interface Searched extends Found {
  /** Offset after the container, or after the root that contains it. */
  readonly searchedTo: number;
}

/** Searches a root that has members other than the flags. */
function findInRoot(
  bytes: Uint8Array,
  start: number,
  place: FlagsPlace,
  key: string,
): Searched | null {
  let found: Found | null = null;
  if (bytes[start] !== OPEN.map) return null;
  let i = skipBlanks(bytes, start + 1);
  for (;;) {
    const member = readMember(bytes, i);
    if (member === null) return null;
    const { name, valueStart } = member;
    const inside = name === place.member ? findIn(bytes, valueStart, place, key) : null;
    // The later of two members wins.
    if (name === place.member) found = inside;
    const end = inside?.searchedTo ?? endOfValue(bytes, valueStart);
    if (end === -1) return null;
    i = skipBlanks(bytes, end);
    if (bytes[i] === CLOSE.map) break;
    if (bytes[i] !== COMMA) return null;
    i = skipBlanks(bytes, i + 1);
  }
  return found === null ? null : { ...found, searchedTo: i + 1 };
}

function findIn(
  bytes: Uint8Array,
  start: number,
  { keyMember = "", shape }: FlagsPlace,
  key: string,
): Searched | null {
  if (bytes[start] !== OPEN[shape]) return null;
  const flags: FoundFlag[] = [];
  let formerEnd: number | null = null;
  let i = skipBlanks(bytes, start + 1);
  const isEmpty = bytes[i] === CLOSE[shape];
  while (!isEmpty) {
    const flag = shape === "map" ? readMember(bytes, i, key) : readListed(bytes, i, keyMember, key);
    if (flag === null) return null;
    const { name, valueStart } = flag;
    const end: number = flag.end ?? endOfValue(bytes, valueStart);
    if (end === -1) return null;
    if (name === key) flags.push({ start: i, end, valueStart, formerEnd });
    formerEnd = end;
    i = skipBlanks(bytes, end);
    if (bytes[i] === CLOSE[shape]) break;
    if (bytes[i] !== COMMA) return null;
    i = skipBlanks(bytes, i + 1);
  }
  return { flags, close: i, isEmpty, searchedTo: i + 1 };
}
