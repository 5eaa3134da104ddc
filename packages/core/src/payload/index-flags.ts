import type { Steps } from "../model/steps.js";
import { textOf } from "../runtime/text.js";
import type { KeyMemory } from "./flag-keys.js";
import {
  expectedKey,
  finishNumbering,
  isParting,
  type KeyNumbering,
  numberOf,
  part,
  startNumbering,
} from "./key-numbering.js";
import {
  type ByteRange,
  finishOffsets,
  type OffsetList,
  setOffsets,
  startOffsets,
} from "./offsets.js";
import type { FlagsDocument, FlagsPlace } from "./raw-flags.js";
import { CLOSE, COMMA, OPEN, readListed, readMember, rootStart } from "./read-member.js";
import { UnparsedFlags } from "./unparsed-flags.js";
import { endOfValue, skipBlanks } from "./value-end.js";

const STEP_BYTES = 16_384;

/**
 * Finds the flags in the bytes of a payload without parsing them, several times as fast as `JSON.parse`. The content of
 * a flag is not validated. Reading the flag reports damage in it.
 *
 * @param memory - contains the keys of the previous payload, and afterwards the keys of this payload.
 * @returns `null` if the payload is not recognised because it is unusual or damaged outside of flags. In a valid
 * payload, it never finds a flag that `JSON.parse` would not find.
 */
export function* indexFlags(
  bytes: Uint8Array,
  place: FlagsPlace,
  memory: KeyMemory,
): Steps<FlagsDocument | null> {
  const { member } = place;
  const start = rootStart(bytes);
  const cut =
    member === null
      ? yield* cutContainer(bytes, start, place, memory)
      : yield* cutRoot(bytes, start, member, place, memory);
  if (cut === null || skipBlanks(bytes, cut.end) !== bytes.length) return null;
  return { root: cut.root, flags: cut.flags };
}

interface Cut {
  readonly root: unknown;
  readonly flags: UnparsedFlags;
  readonly end: number;
}

/** Handles a root with members other than the flags. These members are parsed, without the flags. */
function* cutRoot(
  bytes: Uint8Array,
  start: number,
  name: string,
  place: FlagsPlace,
  memory: KeyMemory,
): Steps<Cut | null> {
  const containers: ByteRange[] = [];
  let flags: UnparsedFlags | null = null;
  if (bytes[start] !== OPEN.map) return null;
  let i = skipBlanks(bytes, start + 1);
  for (;;) {
    const key = readMember(bytes, i);
    if (key === null) return null;
    const { valueStart } = key;
    let end = -1;
    if (key.name === name && bytes[valueStart] === OPEN[place.shape]) {
      const container: Cut | null = yield* cutContainer(bytes, valueStart, place, memory);
      const former = containers.at(-1);
      // The later of two members wins, but damage in the earlier one is still damage.
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

function* cutContainer(
  bytes: Uint8Array,
  start: number,
  place: FlagsPlace,
  memory: KeyMemory,
): Steps<Cut | null> {
  if (bytes[start] !== OPEN[place.shape]) return null;
  const keys = startNumbering(memory.latest);
  const offsets = startOffsets(memory.latest?.byNumber.length ?? 0);
  const cutting: Cutting = { bytes, place, keys, offsets, at: skipBlanks(bytes, start + 1) };
  let progress: Progress = bytes[cutting.at] === CLOSE[place.shape] ? "end" : "more";
  while (progress !== "end") {
    progress = cutStep(cutting);
    if (progress === "damage") return null;
    if (progress === "parting") yield* part(keys);
    else yield;
  }
  memory.latest = yield* finishNumbering(keys);
  const { ends, starts } = finishOffsets(offsets);
  const jsonOf = (_key: string, number: number): Uint8Array =>
    bytes.subarray(starts[number], ends[number]);
  const flags = new UnparsedFlags(memory.latest, jsonOf);
  return { root: null, flags, end: cutting.at + 1 };
}

interface Cutting {
  readonly bytes: Uint8Array;
  readonly place: FlagsPlace;
  readonly keys: KeyNumbering;
  readonly offsets: OffsetList;
  /** Offset of the next flag, or at the end, of the container's last byte. */
  at: number;
}

type Progress = "more" | "parting" | "end" | "damage";

/**
 * Indexes flags until a step is complete. It is not inside the generator, because engines keep the optimised code of a
 * function that is called often, but optimise the loop of a generator again for each payload.
 */
function cutStep(cutting: Cutting): Progress {
  const { bytes, place, keys, offsets } = cutting;
  const { exists, shape, keyMember = "" } = place;
  const stepEnd = cutting.at + STEP_BYTES;
  while (cutting.at < stepEnd) {
    const expected = expectedKey(keys);
    const start = cutting.at;
    const flag =
      shape === "map"
        ? readMember(bytes, start, expected)
        : readListed(bytes, start, keyMember, expected);
    if (flag === null) return "damage";
    const end = flag.end ?? endOfValue(bytes, flag.valueStart);
    if (end === -1) return "damage";
    const { name: key } = flag;
    if (isParting(keys, key)) return "parting";
    const number = numberOf(keys, key);
    if (number < offsets.length) {
      // Which of two flags wins is only known when the whole payload is parsed.
      if (exists !== undefined) return "damage";
      // The later of two flags wins, but damage in the earlier one is still damage.
      if (!isJson(bytes, formerRange(offsets, number))) return "damage";
    }
    setOffsets(offsets, number, flag.valueStart, end);
    cutting.at = skipBlanks(bytes, end);
    if (bytes[cutting.at] === CLOSE[shape]) return "end";
    if (bytes[cutting.at] !== COMMA) return "damage";
    cutting.at = skipBlanks(bytes, cutting.at + 1);
  }
  return "more";
}

function formerRange({ starts, ends }: OffsetList, number: number): ByteRange {
  return { start: starts[number] as number, end: ends[number] as number }; // the flag's offsets are set
}

function isJson(bytes: Uint8Array, { start, end }: ByteRange): boolean {
  try {
    JSON.parse(textOf(bytes.subarray(start, end)));
    return true;
  } catch {
    return false;
  }
}

/** Parses a range of bytes with `null` instead of some parts. Returns `undefined` if it is not JSON. */
function parseWithout(bytes: Uint8Array, whole: ByteRange, without: readonly ByteRange[]): unknown {
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
