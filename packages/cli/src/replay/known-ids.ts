import { KeyTable } from "../keys/key-table.js";
import { NumberColumn } from "../keys/number-column.js";

/** The id of an exposure and hashes of its other members. */
export interface IdentifiedRow {
  /** Whether the id is from a column `id`, which may identify something other than the row. */
  readonly isOfColumn: boolean;
  readonly low: number;
  readonly high: number;
  /** A hash of the flag, the experiment and the subject. */
  readonly subject: number;
  readonly timeMs: number;
}

/** If more rows than this repeat the id of a different row, the column `id` does not identify rows. */
const MAX_UNLIKE_PERCENT = 1;

/** Finds exposures that repeat the id of an earlier one. Keeps a hash of each distinct id in memory. */
export class KnownIds {
  readonly #ids = new KeyTable();
  /** For each id from a column `id`, a hash of the rest of its first row. */
  readonly #contents = new NumberColumn((length) => new Uint32Array(length));
  #repeated = 0;
  #columnRows = 0;
  #columnRepeated = 0;
  #columnUnlike = 0;

  add({ high, isOfColumn, low, subject, timeMs }: IdentifiedRow): void {
    const known = this.#ids.size;
    const number = this.#ids.numberOf(low, high);
    const isRepeated = number < known;
    if (!isOfColumn) {
      if (isRepeated) this.#repeated += 1;
      return;
    }
    this.#columnRows += 1;
    const content = (subject ^ Math.imul(timeMs % 4_294_967_296, 2_654_435_761)) >>> 0;
    if (!isRepeated) this.#contents.set(number, content);
    else {
      this.#columnRepeated += 1;
      if (this.#contents.at(number) !== content) this.#columnUnlike += 1;
    }
  }

  /** Number of rows that share the `id` of a different row; 0 if there are so few that the column identifies rows. */
  get unlike(): number {
    const isId = this.#columnUnlike * 100 <= this.#columnRows * MAX_UNLIKE_PERCENT;
    return isId ? 0 : this.#columnUnlike;
  }

  get duplicates(): number {
    return this.#repeated + (this.unlike === 0 ? this.#columnRepeated : 0);
  }
}
