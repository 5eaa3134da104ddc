import type { CategoricalCoefficient, NumericCoefficient } from "./coefficients.js";
import type { Reading } from "./reading.js";
import { Vocabulary } from "./vocabulary.js";

/**
 * Numeric coefficients of all actions of a model, concatenated in parallel arrays: the coefficients of row `r` are at
 * `starts[r] … starts[r + 1] - 1`.
 */
export interface NumericTerms {
  readonly vocabulary: Vocabulary;
  readonly starts: Int32Array;
  /** Slots of the attributes' names. */
  readonly slots: Int32Array;
  readonly coefficients: Float64Array;
  readonly missing: Float64Array;
}

/**
 * Categorical coefficients of all actions. Term `t` has a hash table from the codes of strings to coefficients, at
 * `tables[t] … tables[t + 1] - 1` of `codes` and `values`. An empty slot has code 0 and the coefficient for a missing
 * value. Codes are small and consecutive, so collisions are rare.
 */
export interface CategoricalTerms {
  readonly vocabulary: Vocabulary;
  readonly starts: Int32Array;
  readonly slots: Int32Array;
  readonly tables: Int32Array;
  readonly codes: Int32Array;
  readonly values: Float64Array;
}

/** Compiles numeric coefficients, one list per row. */
export function numericTerms(lists: readonly (readonly NumericCoefficient[])[]): NumericTerms {
  const terms = lists.flat();
  const vocabulary = new Vocabulary();
  return {
    vocabulary,
    starts: startsOf(lists.map(({ length }) => length)),
    slots: Int32Array.from(terms, ({ attributeKey }) => vocabulary.slotOf(attributeKey)),
    coefficients: Float64Array.from(terms, ({ coefficient }) => coefficient),
    missing: Float64Array.from(terms, (it) => it.missingValueCoefficient),
  };
}

/** Compiles categorical coefficients, one list per row. */
export function categoricalTerms(
  lists: readonly (readonly CategoricalCoefficient[])[],
): CategoricalTerms {
  const terms = lists.flat();
  const vocabulary = new Vocabulary();
  const slots = Int32Array.from(terms, ({ attributeKey }) => vocabulary.slotOf(attributeKey));
  const tables = startsOf(terms.map(({ valueCoefficients }) => tableSize(valueCoefficients.size)));
  const size = tables[terms.length] as number;
  const codes = new Int32Array(size);
  const values = new Float64Array(size);
  terms.forEach(({ valueCoefficients, missingValueCoefficient }, i) => {
    const [start, end] = [tables[i] as number, tables[i + 1] as number];
    values.fill(missingValueCoefficient, start, end);
    for (const [text, coefficient] of valueCoefficients) {
      const code = vocabulary.codeOf(slots[i] as number, text);
      const at = placeOf(code, codes, start, end);
      codes[at] = code;
      values[at] = coefficient;
    }
  });
  return {
    vocabulary,
    starts: startsOf(lists.map(({ length }) => length)),
    slots,
    tables,
    codes,
    values,
  };
}

// These functions use indexed loops, because they run for every coefficient of every action in every call. Indices are
// within bounds by construction: the arrays are parallel, and lists of starts have one extra element.

/** Sums a row's numeric terms, in order. */
export function numericSum(terms: NumericTerms, row: number, reading: Reading): number {
  const { starts, slots, coefficients, missing } = terms;
  const end = starts[row + 1] as number;
  let sum = 0;
  for (let i = starts[row] as number; i < end; i++) {
    const value = reading.number(slots[i] as number);
    sum += Number.isNaN(value) ? (missing[i] as number) : value * (coefficients[i] as number);
  }
  return sum;
}

/** Sums a row's categorical terms, in order. */
export function categoricalSum(terms: CategoricalTerms, row: number, reading: Reading): number {
  const { starts, slots, tables, codes, values } = terms;
  const end = starts[row + 1] as number;
  let sum = 0;
  for (let i = starts[row] as number; i < end; i++) {
    const code = reading.code(slots[i] as number);
    sum += values[placeOf(code, codes, tables[i] as number, tables[i + 1] as number)] as number;
  }
  return sum;
}

/**
 * Returns the position of a code in a table, or of the empty slot that ends the search. Each table has an empty slot.
 */
function placeOf(code: number, codes: Int32Array, start: number, end: number): number {
  const mask = end - start - 1;
  for (let step = 0; step <= mask; step++) {
    const at = start + ((code + step) & mask);
    if (codes[at] === code || codes[at] === 0) return at;
  }
  throw new RangeError("a table of coefficients has no empty slot");
}

/** Returns the next power of two above `count`, so that at least one slot stays empty. */
function tableSize(count: number): number {
  return 1 << (32 - Math.clz32(count));
}

/** Returns the start offsets of concatenated lists of these lengths, and the end of the last list. */
function startsOf(lengths: readonly number[]): Int32Array {
  const starts = new Int32Array(lengths.length + 1);
  lengths.forEach((length, i) => {
    starts[i + 1] = (starts[i] as number) + length;
  });
  return starts;
}
