import type { Steps } from "../model/steps.js";
import type { FlagKeys } from "./flag-keys.js";
import { inObjectOrder, isArrayIndex } from "./object-order.js";

/** Keys that are taken over in one step. */
const KEYS_PER_STEP = 256;

/**
 * Keys of a payload that are being numbered as they come. While they are those of the former payload
 * nothing is made, so that a refresh leaves no garbage; after that, the texts at least are the former
 * ones.
 *
 * No class: engines forget what they know of instances that are all gone by the next payload, and what
 * they have optimised with it.
 */
export interface KeyNumbering {
  readonly former: FlagKeys | null;
  /** How many keys of the former payload were met, or which of them is expected next. */
  formerPlace: number;
  /** `null` while there is no difference from the former payload. */
  own: OwnKeys | null;
}

/** Keys of which not all are those of a former payload. */
interface OwnKeys {
  readonly byNumber: string[];
  readonly numbers: Map<string, number>;
  readonly set: Set<string>;
  hasIndices: boolean;
}

/** Begins with the keys of a payload. */
export function startNumbering(former: FlagKeys | null): KeyNumbering {
  return { former, formerPlace: 0, own: former === null ? noKeys() : null };
}

/** The key that comes next if the payload goes on like the former one. */
export function expectedKey({ former, formerPlace }: KeyNumbering): string | undefined {
  return former?.byNumber[formerPlace];
}

/** Whether this key is the first difference from the former payload; {@link part} then. */
export function isParting(numbering: KeyNumbering, key: string): boolean {
  return numbering.own === null && key !== expectedKey(numbering);
}

/** Stops relying on the former payload. */
export function* part(numbering: KeyNumbering): Steps<OwnKeys> {
  const { former, formerPlace } = numbering;
  const own = noKeys();
  for (const key of former?.byNumber.slice(0, formerPlace) ?? []) {
    if (add(own, key) % KEYS_PER_STEP === 0) yield;
  }
  numbering.own = own;
  return own;
}

/** The number of a key: that which it has, or the next one. */
export function numberOf(numbering: KeyNumbering, key: string): number {
  const { former, own } = numbering;
  if (own === null) return numbering.formerPlace++;
  const there = former?.numbers.get(key);
  if (there === undefined) return add(own, key);
  numbering.formerPlace = there + 1;
  return add(own, former?.byNumber[there] ?? key);
}

/** All keys that came. */
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

/** Adds a key, unless it is there. */
function add(own: OwnKeys, key: string): number {
  const number = own.byNumber.length;
  // The size tells whether it was there, which spares a look-up for each key.
  if (own.set.add(key).size === number) return own.numbers.get(key) as number;
  own.byNumber.push(key);
  own.numbers.set(key, number);
  own.hasIndices ||= isArrayIndex(key);
  return number;
}
