/** Numbers strings, so that rows can keep a number instead. */
export class Names {
  readonly list: string[] = [];
  readonly #numbers = new Map<string, number>();

  /** Returns the number of a string, from 0. */
  numberOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.list.length);
    return this.list.push(name) - 1;
  }
}
