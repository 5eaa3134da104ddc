type Numbers = Uint8Array | Uint32Array | Float64Array;

const FIRST_LENGTH = 16;

/** A growing column of numbers in a typed array. */
export class NumberColumn<Type extends Numbers> {
  #values: Type;
  readonly #make: (length: number) => Type;

  constructor(make: (length: number) => Type) {
    this.#make = make;
    this.#values = make(FIRST_LENGTH);
  }

  /** Returns the number at an index; 0 if none was set. */
  at(index: number): number {
    return this.#values[index] ?? 0;
  }

  set(index: number, value: number): void {
    if (index >= this.#values.length) {
      const values = this.#make(Math.max(index + 1, this.#values.length * 2));
      values.set(this.#values);
      this.#values = values;
    }
    this.#values[index] = value;
  }
}
