import type { JudgedSubject } from "../judge/flag-judge.js";
import { hashKey, type KeyHash, NO_KEY } from "../keys/key-hash.js";
import { KeyTable } from "../keys/key-table.js";
import { SubjectHints } from "../keys/subject-hints.js";
import { count } from "../text/values.js";

/** Finds rows whose subject has the same key and attributes as an earlier one. Keeps a hash of each subject in memory. */
export class KnownSubjects {
  readonly #subjects = new KeyTable();
  readonly #hash: KeyHash = { ...NO_KEY };
  readonly #hints = new SubjectHints();
  #repeated = 0;

  /** Number of distinct subjects. */
  get size(): number {
    return this.#subjects.size;
  }

  /** Sentences about the subjects, without a full stop. */
  get facts(): readonly string[] {
    const rows = this.#repeated === 1 ? "1 row repeats" : `${count(this.#repeated)} rows repeat`;
    const repeated = `${rows} an earlier subject with the same attributes. Each subject is counted once`;
    return [...(this.#repeated === 0 ? [] : [repeated]), ...this.#hints.texts(false)];
  }

  /** Adds a subject; `false` if it is known. */
  add({ attributes, key }: JudgedSubject): boolean {
    this.#hints.note(key);
    hashKey(key, NO_KEY, this.#hash);
    hashKey(JSON.stringify(attributes), this.#hash, this.#hash);
    const known = this.size;
    this.#subjects.numberOf(this.#hash.low, this.#hash.high);
    if (this.size > known) return true;
    this.#repeated += 1;
    return false;
  }
}
