import { areEqualBytes } from "../runtime/bytes.js";
import type { FlagKeys } from "./flag-keys.js";
import { parseJson } from "./parse-json.js";
import type { RawFlags } from "./raw-flags.js";
import { hasSameValue } from "./same-value.js";

/** Flags as JSON, in UTF-8 or as strings. Each flag is parsed when it is read. */
export class UnparsedFlags implements RawFlags {
  readonly #keys: FlagKeys;
  readonly #jsonOf: (key: string, number: number) => Uint8Array | string;

  /** @param jsonOf - returns the JSON of a flag that exists, given its key and number. */
  constructor(keys: FlagKeys, jsonOf: (key: string, number: number) => Uint8Array | string) {
    this.#keys = keys;
    this.#jsonOf = jsonOf;
  }

  get keys(): ReadonlySet<string> {
    return this.#keys.set;
  }

  numberOf(key: string): number | undefined {
    return this.#keys.numbers.get(key);
  }

  read(key: string, path: string): unknown {
    const json = this.#json(key);
    return json === undefined ? undefined : parseJson(json, path);
  }

  isSame(key: string, there: RawFlags): boolean {
    const a = this.#json(key);
    const b = #keys in there ? there.#json(key) : undefined;
    if (typeof a === "string" && typeof b === "string") return a === b;
    if (a instanceof Uint8Array && b instanceof Uint8Array) {
      return a.length === b.length && areEqualBytes(a, 0, b, 0, a.length);
    }
    return hasSameValue(key, this, there);
  }

  #json(key: string): Uint8Array | string | undefined {
    const number = this.numberOf(key);
    return number === undefined ? undefined : this.#jsonOf(key, number);
  }
}
