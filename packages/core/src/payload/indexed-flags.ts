import { areEqualBytes } from "../runtime/bytes.js";
import type { FlagKeys } from "./flag-keys.js";
import type { Offsets } from "./offsets.js";
import { parseJson } from "./parse-json.js";
import type { RawFlags } from "./raw-flags.js";
import { hasSameValue } from "./same-value.js";

/** The flags of an indexed payload. Each flag is parsed when it is read. */
export class IndexedFlags implements RawFlags {
  readonly #bytes: Uint8Array;
  readonly #keys: FlagKeys;
  readonly #offsets: Offsets;

  constructor(bytes: Uint8Array, keys: FlagKeys, offsets: Offsets) {
    this.#bytes = bytes;
    this.#keys = keys;
    this.#offsets = offsets;
  }

  get keys(): ReadonlySet<string> {
    return this.#keys.set;
  }

  numberOf(key: string): number | undefined {
    return this.#keys.numbers.get(key);
  }

  read(key: string, path: string): unknown {
    const number = this.numberOf(key);
    if (number === undefined) return undefined;
    const { starts, ends } = this.#offsets;
    return parseJson(this.#bytes.subarray(starts[number], ends[number]), path);
  }

  isSame(key: string, there: RawFlags): boolean {
    if (!(#offsets in there)) return hasSameValue(key, this, there);
    const mine = this.numberOf(key);
    const its = there.#keys === this.#keys ? mine : there.numberOf(key);
    if (mine === undefined || its === undefined) return false;
    // There are offsets for each number of a flag.
    const start = this.#offsets.starts[mine] as number;
    const itsStart = there.#offsets.starts[its] as number;
    const length = (this.#offsets.ends[mine] as number) - start;
    if ((there.#offsets.ends[its] as number) - itsStart !== length) return false;
    return areEqualBytes(this.#bytes, start, there.#bytes, itsStart, length);
  }
}
