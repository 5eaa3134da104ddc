const FIRST_ROWS = 256;

/** Rows with a fixed number of numbers each, in one array. */
export class PartRows {
  /** The array, which may be longer than its rows. */
  values: Float64Array;
  readonly #width: number;
  #end = 0;

  constructor(width: number) {
    this.#width = width;
    this.values = new Float64Array(FIRST_ROWS * width);
  }

  /** Adds a row of zeros, and returns where it starts. */
  add(): number {
    const start = this.#end;
    this.#end += this.#width;
    if (this.#end > this.values.length) {
      const values = new Float64Array(this.values.length * 2);
      values.set(this.values);
      this.values = values;
    }
    return start;
  }

  get rows(): Float64Array {
    return this.values.subarray(0, this.#end);
  }
}
