import { count } from "../text/values.js";

/** What databases and scripts write instead of a missing key. */
const MISSING = /^(?:null|none|nil|undefined|nan|n\/a|\\n|\(null\))$/i;
/** Length of the longest string that {@link MISSING} matches. */
const MISSING_LENGTH = 9;
/** From this percentage of the rows, they are worth a hint. */
const MANY_PERCENT = 1;
const UUID_LENGTH = 36;
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** How scripts and databases write an integer in a column of floats. */
const FLOAT = /^-?\d+(?:\.0|(?:\.\d+)?e\+\d+)$/i;

/** From this percentage of the rows, a key is probably not one subject, such as `0` or `guest`. */
const LARGE_PERCENT = 10;
/** In a table of fewer subjects, any of them may have a large share. */
const MIN_SUBJECTS = 100;

/** Finds keys of subjects that were probably changed by an export. */
export class SubjectHints {
  readonly #missing = new Map<string, number>();
  readonly #frequent = new FrequentKeys();
  #rows = 0;
  #capitals = 0;
  #otherUuids = 0;
  #floats = 0;

  note(key: string): void {
    this.#rows += 1;
    if (key.length <= MISSING_LENGTH && MISSING.test(key)) {
      this.#missing.set(key, (this.#missing.get(key) ?? 0) + 1);
      return;
    }
    this.#frequent.note(key);
    if (key.length === UUID_LENGTH && UUID.test(key)) {
      if (key === key.toUpperCase()) this.#capitals += 1;
      else this.#otherUuids += 1;
    } else if (FLOAT.test(key)) this.#floats += 1;
  }

  /**
   * Hints, without a full stop.
   *
   * @param areWrong - whether results differ from what was logged.
   */
  texts(areWrong: boolean): readonly string[] {
    const all = count(this.#rows);
    const percent = (n: number): number => (100 * n) / this.#rows;
    const isMixed = this.#capitals > 0 && (areWrong || this.#otherUuids > 0);
    const areFloats = this.#floats > 0 && percent(this.#floats) >= MANY_PERCENT;
    const missing = [...this.#missing].filter(([, n]) => percent(n) >= MANY_PERCENT);
    const large = this.#frequent.large.filter(([, n]) => percent(n) >= LARGE_PERCENT);
    return [
      ...missing.map(([key, n]) => {
        return `${count(n)} of ${all} rows (${Math.round(percent(n))}%) have the subject ${JSON.stringify(key)}, which is probably a missing key. They are counted as one subject`;
      }),
      ...large.map(([key, n]) => {
        return `at least ${Math.floor(percent(n))}% of ${all} rows have the subject ${JSON.stringify(key)}, which is probably not one subject. They are counted as one`;
      }),
      ...(areFloats ? [`${count(this.#floats)} of ${all} ${FLOATS_ADVICE}`] : []),
      ...(isMixed ? [`${count(this.#capitals)} of ${all} ${CAPITALS_ADVICE}`] : []),
    ];
  }
}

const FLOATS_ADVICE =
  "rows have a subject that looks like a floating-point number, such as 1.0 or 7.1e+18. Export the column as text, because the digits are hashed";
const CAPITALS_ADVICE =
  "rows have a UUID in capital letters as their subject. If flags are evaluated with lower-case UUIDs, convert the column, because the case changes the hash";

/**
 * Finds keys with a large share of all rows, in little memory (Misra and Gries, "Finding repeated elements", 1982): its counts are too
 * low by at most one of {@link MIN_SUBJECTS} rows.
 */
class FrequentKeys {
  readonly #counts = new Map<string, number>();
  #areMany = false;

  note(key: string): void {
    const known = this.#counts.get(key);
    if (known !== undefined || this.#counts.size < MIN_SUBJECTS) {
      this.#counts.set(key, (known ?? 0) + 1);
      this.#areMany ||= this.#counts.size === MIN_SUBJECTS;
      return;
    }
    for (const [other, n] of this.#counts) {
      if (n === 1) this.#counts.delete(other);
      else this.#counts.set(other, n - 1);
    }
  }

  /** The keys that may have a large share, and the least number of their rows. */
  get large(): readonly (readonly [key: string, rows: number])[] {
    return this.#areMany ? [...this.#counts] : [];
  }
}
