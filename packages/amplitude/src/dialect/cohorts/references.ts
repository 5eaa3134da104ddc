import {
  DecodeError,
  isJsonObject,
  type RawFlags,
  readFlags,
  type Steps,
} from "@sortition/core/dialect";
import { PLACE } from "../place.js";
import { addReferences, type CohortReferences, referencesOf } from "./cohorts.js";

/** The cohorts that the flags of a payload refer to. */
export interface FlagReferences {
  /** References of all flags together. */
  readonly all: CohortReferences;
  /** References by flag key, only for flags that have any. */
  readonly byFlag: ReadonlyMap<string, CohortReferences>;
}

/** References of flags without cohorts. */
const NO_REFERENCES: FlagReferences = { all: new Map(), byFlag: new Map() };

const STEP_BYTES = 65_536;
/** Number of flags to compare with the previous payload in one step. */
const FLAGS_PER_STEP = 32;

/**
 * Finds the cohorts that flags refer to. Flags are parsed only if the payload mentions cohorts at
 * all, and then only those that changed.
 *
 * @param former - the references of a previous payload, whose flags are in `raw`.
 */
export function* readReferences(
  bytes: Uint8Array,
  raw: RawFlags,
  former: { readonly raw: RawFlags; readonly flagReferences: FlagReferences } | null,
): Steps<FlagReferences> {
  if (!(yield* mentionsCohorts(bytes))) return NO_REFERENCES;
  const all = new Map<string, Set<string>>();
  const byFlag = new Map<string, CohortReferences>();
  let passed = 0;
  for (const key of raw.keys) {
    const isKnown = former !== null && raw.isSame(key, former.raw);
    const references = isKnown ? former.flagReferences.byFlag.get(key) : referencesAt(raw, key);
    if (references !== undefined && references.size > 0) {
      byFlag.set(key, references);
      addReferences(all, references);
    }
    if (!isKnown || ++passed % FLAGS_PER_STEP === 0) yield;
  }
  return { all, byFlag };
}

/** Returns the references of all flags together. */
export function referencesOfAll(flags: Readonly<Record<string, unknown>>): CohortReferences {
  const all = new Map<string, Set<string>>();
  for (const flag of Object.values(flags)) {
    if (isJsonObject(flag)) addReferences(all, referencesOf(flag));
  }
  return all;
}

/**
 * Returns the ids of the cohorts that the flags of a payload refer to, without duplicates, in
 * order.
 *
 * @throws DecodeError if it is not a list of flags.
 */
export function* referredCohortIds(bytes: Uint8Array): Steps<readonly string[]> {
  const { flags } = yield* readFlags(bytes, PLACE);
  if (flags === null) throw new DecodeError("$", "expected an array", { part: "flags" });
  const { all } = yield* readReferences(bytes, flags, null);
  return [...new Set([...all.values()].flatMap((ids) => [...ids]))];
}

function referencesAt(raw: RawFlags, key: string): CohortReferences | undefined {
  try {
    const flag = raw.read(key, "$");
    return isJsonObject(flag) ? referencesOf(flag) : undefined;
  } catch {
    return undefined; // not JSON, or a selector without a string form, which becomes an issue of the flag
  }
}

const WORD: readonly number[] = Array.from("cohort_ids", (it) => it.charCodeAt(0));
const UNDERSCORE_AT = WORD.indexOf(0x5f);
const BACKSLASH = 0x5c;
const LETTER_U = 0x75;

/** Whether the bytes contain `cohort_ids`, or an escape, which could be one of its letters. */
function* mentionsCohorts(bytes: Uint8Array): Steps<boolean> {
  for (let start = 0; start < bytes.length; start += STEP_BYTES) {
    const end = Math.min(start + STEP_BYTES, bytes.length);
    for (let at = start; at < end; at++) {
      const byte = bytes[at];
      if (byte === 0x5f && isWordAt(bytes, at - UNDERSCORE_AT)) return true;
      if (byte === BACKSLASH && bytes[at + 1] === LETTER_U) return true;
    }
    yield;
  }
  return false;
}

function isWordAt(bytes: Uint8Array, at: number): boolean {
  return WORD.every((byte, i) => bytes[at + i] === byte);
}
