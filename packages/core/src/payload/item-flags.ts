import type { Steps } from "../model/steps.js";
import { type FlagKeys, KeyMemory } from "./flag-keys.js";
import { finishNumbering, isParting, numberOf, part, startNumbering } from "./key-numbering.js";
import { parseJson } from "./parse-json.js";
import type { RawFlags } from "./raw-flags.js";
import { hasSameValue } from "./same-value.js";

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
  return new ItemFlags(items, memory.latest);
}

class ItemFlags implements RawFlags {
  readonly #items: ReadonlyMap<string, string>;
  readonly #keys: FlagKeys;

  constructor(items: ReadonlyMap<string, string>, keys: FlagKeys) {
    this.#items = items;
    this.#keys = keys;
  }

  get keys(): ReadonlySet<string> {
    return this.#keys.set;
  }

  numberOf(key: string): number | undefined {
    return this.#keys.numbers.get(key);
  }

  read(key: string, path: string): unknown {
    const json = this.#items.get(key);
    return json === undefined ? undefined : parseJson(json, path);
  }

  isSame(key: string, there: RawFlags): boolean {
    if (!(#items in there)) return hasSameValue(key, this, there);
    // An unchanged flag is the same string, so this reads no characters.
    const json = this.#items.get(key);
    return json !== undefined && json === there.#items.get(key);
  }
}
