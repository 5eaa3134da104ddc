import { OptionError } from "../errors/errors.js";
import { shareAdvice } from "../errors/option-checks.js";
import { fnv1aPrefix, fnv1aUint32 } from "../hash/fnv1a.js";

const PREFIX = fnv1aPrefix("sortition-shadow:");
const UINT32 = 2 ** 32;

/** A fixed share of all subjects, chosen by a hash of the subject key. */
export class SubjectSample {
  readonly #limit: number;

  /** @throws OptionError unless the share is a number from 0 to 1. */
  constructor(share: unknown) {
    if (typeof share !== "number" || !(share >= 0 && share <= 1)) {
      throw new OptionError(
        "sample",
        `expected a number from 0 to 1, got ${String(share)}${shareAdvice(share)}`,
      );
    }
    this.#limit = share * UINT32;
  }

  has(subjectKey: string): boolean {
    if (this.#limit === 0) return false;
    return this.#limit === UINT32 || spread(fnv1aUint32(subjectKey, PREFIX)) < this.#limit;
  }
}

/**
 * Spreads a hash evenly over 32 bits with the finalizer of MurmurHash3, because FNV-1a alone is uneven for sequential keys.
 *
 * @see https://github.com/aappleby/smhasher/wiki/MurmurHash3
 */
function spread(hash: number): number {
  let bits = hash;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
