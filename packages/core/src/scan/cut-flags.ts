import { areEqualBytes } from "../runtime/bytes.js";
import { areEqualJson } from "./equal-json.js";
import { parseJson } from "./parse-json.js";
import type { RawFlags } from "./raw-flags.js";

/** Where the texts of flags are in their payload, by a number for each flag. */
export interface Offsets {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

/** Flags of a payload that was cut into their texts; each is parsed when it is asked for. */
export class CutFlags implements RawFlags {
  readonly #bytes: Uint8Array;
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #offsets: Offsets;

  /** @param numbers - numbers of flags by key, in order. */
  constructor(bytes: Uint8Array, numbers: ReadonlyMap<string, number>, offsets: Offsets) {
    this.#bytes = bytes;
    this.#numbers = numbers;
    this.#offsets = offsets;
  }

  get size(): number {
    return this.#numbers.size;
  }

  keys(): Iterable<string> {
    return this.#numbers.keys();
  }

  has(key: string): boolean {
    return this.#numbers.has(key);
  }

  read(key: string, path: string): unknown {
    const number = this.#numbers.get(key);
    if (number === undefined) return undefined;
    const { starts, ends } = this.#offsets;
    return parseJson(this.#bytes.subarray(starts[number], ends[number]), path);
  }

  isSame(key: string, there: RawFlags): boolean {
    if (!(there instanceof CutFlags)) return this.#isSameValue(key, there);
    const [mine, its] = [this.#numbers.get(key), there.#numbers.get(key)];
    if (mine === undefined || its === undefined) return false;
    // Numbers of flags lie within the offsets.
    const start = this.#offsets.starts[mine] as number;
    const itsStart = there.#offsets.starts[its] as number;
    const length = (this.#offsets.ends[mine] as number) - start;
    if ((there.#offsets.ends[its] as number) - itsStart !== length) return false;
    return areEqualBytes(this.#bytes, start, there.#bytes, itsStart, length);
  }

  #isSameValue(key: string, there: RawFlags): boolean {
    if (!this.has(key) || !there.has(key)) return false;
    try {
      return areEqualJson(this.read(key, "$"), there.read(key, "$"));
    } catch {
      return false; // the text of one of them is no JSON
    }
  }
}
