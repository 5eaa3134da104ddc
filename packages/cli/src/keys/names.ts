/** Numbers strings, so that rows can keep a number instead. */
export class Names {
  readonly list: string[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #max: number;
  readonly #others: string;

  /** @param max - the number of distinct strings. Further ones share one number, and the name `others`. */
  constructor(max: number = Number.POSITIVE_INFINITY, others = "") {
    this.#max = max;
    this.#others = others;
  }

  /** Returns the number of a string, from 0. */
  numberOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = Math.min(this.list.length, this.#max);
    if (number < this.#max) this.#numbers.set(name, number);
    this.list[number] = number < this.#max ? name : this.#others;
    return number;
  }
}
