import type { Steps } from "../model/steps.js";
import type { FlagKeys } from "./flag-keys.js";
import { inObjectOrder, isArrayIndex } from "./object-order.js";

const KEYS_PER_STEP = 256;

/**
 * Numbers the keys of a payload in the order of their occurrence. As long as they equal the keys of the previous
 * payload, nothing is allocated, so a refresh leaves no garbage. After the first difference, at least the strings are
 * shared.
 *
 * It is not a class, because engines discard what they learned about instances that are all collected by the next
 * payload, and with it the optimised code.
 */
export interface KeyNumbering {
  readonly former: FlagKeys | null;
  /** Number of keys of the previous payload that occurred so far, which is the index of the expected key. */
  formerPlace: number;
  /** `null` while there is no difference from the previous payload. */
  own: OwnKeys | null;
}

/** Keys that differ from the keys of the previous payload. */
interface OwnKeys {
  readonly byNumber: string[];
  readonly numbers: Map<string, number>;
  readonly set: Set<string>;
  hasIndices: boolean;
}

export function startNumbering(former: FlagKeys | null): KeyNumbering {
  return { former, formerPlace: 0, own: former === null ? noKeys() : null };
}

/** Returns the next key if the payload continues like the previous one. */
export function expectedKey({ former, formerPlace }: KeyNumbering): string | undefined {
  return former?.byNumber[formerPlace];
}

/** Whether this key is the first difference from the previous payload. If so, call {@link part}. */
export function isParting(numbering: KeyNumbering, key: string): boolean {
  return numbering.own === null && key !== expectedKey(numbering);
}

/** Copies the keys so far, and stops using the keys of the previous payload. */
export function* part(numbering: KeyNumbering): Steps<OwnKeys> {
  const { former, formerPlace } = numbering;
  const own = noKeys();
  for (const key of former?.byNumber.slice(0, formerPlace) ?? []) {
    if (add(own, key) % KEYS_PER_STEP === 0) yield;
  }
  numbering.own = own;
  return own;
}

/** Returns the number of a key, which is a new one for a new key. */
export function numberOf(numbering: KeyNumbering, key: string): number {
  const { former, own } = numbering;
  if (own === null) return numbering.formerPlace++;
  const there = former?.numbers.get(key);
  if (there === undefined) return add(own, key);
  numbering.formerPlace = there + 1;
  return add(own, former?.byNumber[there] ?? key);
}

export function* finishNumbering(numbering: KeyNumbering): Steps<FlagKeys> {
  const { former, formerPlace } = numbering;
  if (numbering.own === null && former?.byNumber.length === formerPlace) return former;
  const { byNumber, numbers, set, hasIndices } = numbering.own ?? (yield* part(numbering));
  if (!hasIndices) return { byNumber, numbers, set };
  const inOrder = inObjectOrder(numbers);
  return { byNumber, numbers: inOrder, set: new Set(inOrder.keys()) };
}

function noKeys(): OwnKeys {
  return { byNumber: [], numbers: new Map(), set: new Set(), hasIndices: false };
}

function add(own: OwnKeys, key: string): number {
  const number = own.byNumber.length;
  // The size shows whether the key existed, which saves a look-up per key.
  if (own.set.add(key).size === number) return own.numbers.get(key) as number;
  own.byNumber.push(key);
  own.numbers.set(key, number);
  own.hasIndices ||= isArrayIndex(key);
  return number;
}
