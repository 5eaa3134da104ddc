import type { Steps } from "../model/steps.js";
import type { FlagKeys } from "./flag-keys.js";
import { inObjectOrder, isArrayIndex } from "./object-order.js";

/** Keys that are taken over in one step. */
const KEYS_PER_STEP = 256;

/**
 * Numbers the keys of a payload as they come. While they are those of the former payload nothing is
 * made, so that a refresh leaves no garbage; after that, the texts at least are the former ones.
 */
export class KeyNumbering {
  readonly #former: FlagKeys | null;
  /** How many keys of the former payload were met, or which of them the last one was. */
  #formerPlace = 0;
  /** `null` while there is no difference from the former payload. */
  #own: OwnKeys | null;

  constructor(former: FlagKeys | null) {
    this.#former = former;
    this.#own = former === null ? new OwnKeys() : null;
  }

  /** The key that comes next if the payload goes on like the former one. */
  get expected(): string | undefined {
    return this.#former?.byNumber[this.#formerPlace];
  }

  /** Whether this key is the first difference from the former payload; {@link part} then. */
  isParting(key: string): boolean {
    return this.#own === null && key !== this.expected;
  }

  /** Stops relying on the former payload. */
  *part(): Steps<OwnKeys> {
    const own = new OwnKeys();
    for (const key of this.#former?.byNumber.slice(0, this.#formerPlace) ?? []) {
      if (own.add(key) % KEYS_PER_STEP === 0) yield;
    }
    this.#own = own;
    return own;
  }

  /** The number of a key: that which it has, or the next one. */
  numberOf(key: string): number {
    const own = this.#own;
    if (own === null) return this.#formerPlace++;
    const number = own.numbers.get(key);
    if (number !== undefined) return number;
    const former = this.#former?.numbers.get(key);
    if (former === undefined) return own.add(key);
    this.#formerPlace = former + 1;
    return own.add(this.#former?.byNumber[former] ?? key);
  }

  /** All keys that came. */
  *finish(): Steps<FlagKeys> {
    const former = this.#former;
    if (this.#own === null && former?.byNumber.length === this.#formerPlace) return former;
    const own = this.#own ?? (yield* this.part());
    return own.finish();
  }
}

/** Keys of which not all are those of a former payload. */
class OwnKeys implements FlagKeys {
  readonly byNumber: string[] = [];
  readonly numbers: Map<string, number> = new Map();
  readonly set: Set<string> = new Set();
  #hasIndices = false;

  /** Adds one that is not there yet. */
  add(key: string): number {
    const number = this.byNumber.length;
    this.byNumber.push(key);
    this.numbers.set(key, number);
    this.set.add(key);
    this.#hasIndices ||= isArrayIndex(key);
    return number;
  }

  finish(): FlagKeys {
    if (!this.#hasIndices) return this;
    const numbers = inObjectOrder(this.numbers);
    return { byNumber: this.byNumber, numbers, set: new Set(numbers.keys()) };
  }
}
