import type { Steps } from "../model/steps.js";
import { KeyMemory } from "./flag-keys.js";
import { finishNumbering, isParting, numberOf, part, startNumbering } from "./key-numbering.js";
import type { RawFlags } from "./raw-flags.js";
import { UnparsedFlags } from "./unparsed-flags.js";

const KEYS_PER_STEP = 1_024;

/**
 * Returns the flags of a payload with items ({@link Payload.items}). Nothing is parsed until a flag is read.
 *
 * @param items - the member that contains the flags.
 * @param memory - the keys of the previous payload, which saves time if the keys are the same.
 */
export function* flagsOfItems(
  items: ReadonlyMap<string, string>,
  memory: KeyMemory = new KeyMemory(),
): Steps<RawFlags> {
  const numbering = startNumbering(memory.latest);
  let seen = 0;
  for (const key of items.keys()) {
    if (isParting(numbering, key)) yield* part(numbering);
    numberOf(numbering, key);
    if (++seen % KEYS_PER_STEP === 0) yield;
  }
  memory.latest = yield* finishNumbering(numbering);
  // The keys are the names of the items, and an unchanged flag is the same string, so comparing it reads no characters.
  return new UnparsedFlags(memory.latest, (key) => items.get(key) as string);
}
