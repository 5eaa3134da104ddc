import type { Steps } from "../model/steps.js";
import { textOf } from "../runtime/text.js";
import { CutFlags } from "./cut-flags.js";
import { inObjectOrder } from "./object-order.js";
import type { FlagsDocument, FlagsPlace } from "./raw-flags.js";
import { endOfString, endOfValue, skipBlanks } from "./value-end.js";

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN = { map: 0x7b, list: 0x5b } as const;
const CLOSE = { map: 0x7d, list: 0x5d } as const;
/** Bytes between two steps. */
const STEP_BYTES = 16_384;

/** A stretch of the payload; `end` is exclusive. */
interface Stretch {
  readonly start: number;
  readonly end: number;
}

/**
 * Cuts a payload into the texts of its flags without parsing them, several times as fast as
 * `JSON.parse`. What stands inside a flag is not looked at: damage there is for whoever reads it.
 *
 * @returns `null` if it does not recognise the payload, because it is damaged outside of flags or
 * because it is unusual; never a flag that `JSON.parse` would not see in a valid payload.
 */
export function* cutFlags(bytes: Uint8Array, place: FlagsPlace): Steps<FlagsDocument | null> {
  const { member } = place;
  const start = skipBlanks(bytes, startsWithMark(bytes) ? 3 : 0);
  const cut =
    member === null
      ? yield* cutContainer(bytes, start, place)
      : yield* cutRoot(bytes, start, member, place);
  if (cut === null || skipBlanks(bytes, cut.end) !== bytes.length) return null;
  return { root: cut.root, flags: cut.flags };
}

interface Cut {
  readonly root: unknown;
  readonly flags: CutFlags;
  readonly end: number;
}

/** A root with other members beside the flags: those are parsed with the flags left out. */
function* cutRoot(
  bytes: Uint8Array,
  start: number,
  name: string,
  place: FlagsPlace,
): Steps<Cut | null> {
  const containers: Stretch[] = [];
  let flags: CutFlags | null = null;
  if (bytes[start] !== OPEN.map) return null;
  let i = skipBlanks(bytes, start + 1);
  for (;;) {
    const key = readMember(bytes, i);
    if (key === null) return null;
    const { valueStart } = key;
    let end = -1;
    if (key.name === name && bytes[valueStart] === OPEN[place.shape]) {
      const container: Cut | null = yield* cutContainer(bytes, valueStart, place);
      const former = containers.at(-1);
      // Of two, the later one counts, but damage in the former one still is damage.
      if (container === null || (former !== undefined && !isJson(bytes, former))) return null;
      ({ end, flags } = container);
      containers.push({ start: valueStart, end });
    } else {
      end = endOfValue(bytes, valueStart);
      if (key.name === name) flags = null;
    }
    if (end === -1) return null;
    i = skipBlanks(bytes, end);
    if (bytes[i] === CLOSE.map) break;
    if (bytes[i] !== COMMA) return null;
    i = skipBlanks(bytes, i + 1);
  }
  if (flags === null) return null;
  const root = parseWithout(bytes, { start, end: i + 1 }, containers);
  return root === undefined ? null : { root, flags, end: i + 1 };
}

function* cutContainer(bytes: Uint8Array, start: number, place: FlagsPlace): Steps<Cut | null> {
  const { shape, keyMember = "" } = place;
  if (bytes[start] !== OPEN[shape]) return null;
  const numbers = new Map<string, number>();
  const starts: number[] = [];
  const ends: number[] = [];
  let stepAt = start + STEP_BYTES;
  let i = skipBlanks(bytes, start + 1);
  if (bytes[i] !== CLOSE[shape]) {
    for (;;) {
      const member = shape === "map" ? readMember(bytes, i) : { name: null, valueStart: i };
      if (member === null) return null;
      const end = endOfValue(bytes, member.valueStart);
      if (end === -1) return null;
      const key = member.name ?? keyInside(bytes, i, end, keyMember);
      if (key === null) return null;
      const known = numbers.get(key);
      const number = known ?? starts.length;
      if (known === undefined) numbers.set(key, number);
      // Of two, the later one counts, but damage in the former one still is damage.
      else if (!isJson(bytes, { start: starts[known] as number, end: ends[known] as number })) {
        return null;
      }
      starts[number] = member.valueStart;
      ends[number] = end;
      i = skipBlanks(bytes, end);
      if (bytes[i] === CLOSE[shape]) break;
      if (bytes[i] !== COMMA) return null;
      i = skipBlanks(bytes, i + 1);
      if (i >= stepAt) {
        yield;
        stepAt = i + STEP_BYTES;
      }
    }
  }
  yield;
  // By the constructor: `from` walks an iterator, which takes a millisecond for ten thousand.
  const offsets = { starts: new Uint32Array(starts), ends: new Uint32Array(ends) };
  return { root: null, flags: new CutFlags(bytes, inObjectOrder(numbers), offsets), end: i + 1 };
}

/** The name of a member that begins at `start`, and where its value begins. */
function readMember(
  bytes: Uint8Array,
  start: number,
): { readonly name: string; readonly valueStart: number } | null {
  if (bytes[start] !== QUOTE) return null;
  const end = endOfString(bytes, start);
  if (end === -1) return null;
  const colon = skipBlanks(bytes, end);
  const name = bytes[colon] === COLON ? readString(bytes, start, end) : null;
  return name === null ? null : { name, valueStart: skipBlanks(bytes, colon + 1) };
}

/** The text of a string with its quotes; `null` if it is damaged. */
function readString(bytes: Uint8Array, start: number, end: number): string | null {
  let text = "";
  for (let i = start + 1; i < end - 1; i++) {
    const byte = bytes[i] as number; // i < end
    if (byte < 0x20 || byte > 0x7e || byte === BACKSLASH) return parseString(bytes, start, end);
    text += String.fromCharCode(byte);
  }
  return text;
}

function parseString(bytes: Uint8Array, start: number, end: number): string | null {
  try {
    return JSON.parse(textOf(bytes.subarray(start, end))) as string; // it has quotes
  } catch {
    return null;
  }
}

function isJson(bytes: Uint8Array, { start, end }: Stretch): boolean {
  try {
    JSON.parse(textOf(bytes.subarray(start, end)));
    return true;
  } catch {
    return false;
  }
}

/** The key that a flag in a list says it has; `null` if it cannot be read. */
function keyInside(
  bytes: Uint8Array,
  start: number,
  end: number,
  keyMember: string,
): string | null {
  if (bytes[start] !== OPEN.map) return null;
  let key: string | null = null;
  let i = skipBlanks(bytes, start + 1);
  while (i < end) {
    const member = readMember(bytes, i);
    if (member === null) break;
    const valueEnd = endOfValue(bytes, member.valueStart);
    if (valueEnd === -1 || valueEnd > end) break;
    if (member.name === keyMember) {
      const isString = bytes[member.valueStart] === QUOTE;
      key = isString ? readString(bytes, member.valueStart, valueEnd) : null;
    }
    i = skipBlanks(bytes, valueEnd);
    if (bytes[i] !== COMMA) break;
    i = skipBlanks(bytes, i + 1);
  }
  return key;
}

/** Parses a stretch with `null` in place of parts of it; `undefined` if it is no JSON. */
function parseWithout(bytes: Uint8Array, whole: Stretch, without: readonly Stretch[]): unknown {
  let text = "";
  let from = whole.start;
  for (const { start, end } of without) {
    text += `${textOf(bytes.subarray(from, start))}null`;
    from = end;
  }
  try {
    return JSON.parse(text + textOf(bytes.subarray(from, whole.end)));
  } catch {
    return undefined;
  }
}

function startsWithMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}
