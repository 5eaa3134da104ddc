import { KeyTable } from "../keys/key-table.js";
import { NumberColumn } from "../keys/number-column.js";
import { ID } from "./replay-part.js";

/** The id of an exposure, and hashes of what else is known of it. */
export interface IdentifiedRow {
  /** One of {@link ID}. */
  readonly kind: number;
  readonly low: number;
  readonly high: number;
  /** A hash of the flag, the experiment and the subject. */
  readonly subject: number;
  readonly timeMs: number;
}

/** Above this percentage of rows that repeat the id of an unlike row, the column `id` is not the row's. */
const MAX_UNLIKE_PERCENT = 1;

/** Finds exposures with the id of an earlier one. It remembers a hash of each distinct id. */
export class KnownIds {
  readonly #ids = new KeyTable();
  /** For each id of a column `id`, a hash of the rest of its first row. */
  readonly #contents = new NumberColumn((length) => new Uint32Array(length));
  #repeated = 0;
  #columnRows = 0;
  #columnRepeated = 0;
  #columnUnlike = 0;

  add({ high, kind, low, subject, timeMs }: IdentifiedRow): void {
    if (kind === ID.none) return;
    const known = this.#ids.size;
    const number = this.#ids.numberOf(low, high);
    const isRepeated = number < known;
    if (kind === ID.ofMessage) {
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

  /** Rows of a column `id` which have the id of an unlike row, if these are too many for an id of the row; else 0. */
  get unlike(): number {
    const isId = this.#columnUnlike * 100 <= this.#columnRows * MAX_UNLIKE_PERCENT;
    return isId ? 0 : this.#columnUnlike;
  }

  get duplicates(): number {
    return this.#repeated + (this.unlike === 0 ? this.#columnRepeated : 0);
  }
}
