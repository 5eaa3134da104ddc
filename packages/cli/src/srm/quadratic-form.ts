import { chiSquareUpperTail } from "@sortition/proof";

/** Pivots that are smaller than this fraction of the largest one are rounding errors. */
const TOLERANCE = 1e-9;

/** Sums of differences and of their covariances, which are compared by a chi-square test. */
export class QuadraticForm {
  readonly #differences: number[];
  readonly #covariance: number[][];

  constructor(size: number) {
    this.#differences = Array.from({ length: size }, () => 0);
    this.#covariance = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  }

  /** Adds a difference between an observed and an expected count. */
  add(index: number, difference: number): void {
    this.#differences[index] = this.difference(index) + difference;
  }

  difference(index: number): number {
    return this.#differences[index] ?? 0;
  }

  /** Adds the covariance of multinomial counts. */
  addMultinomial(total: number, shares: readonly number[]): void {
    this.#covariance.forEach((row, i) => {
      const share = shares[i] ?? 0;
      for (const j of row.keys()) {
        row[j] = (row[j] ?? 0) + total * share * ((i === j ? 1 : 0) - (shares[j] ?? 0));
      }
    });
    this.#factors = null;
  }

  /** The squared length of the differences, measured by their covariance. */
  get statistic(): number {
    return this.statisticOf(this.#differences);
  }

  /** The same for other differences. */
  statisticOf(differences: readonly number[]): number {
    const { lower, pivots } = this.#factorized();
    const solved: number[] = [];
    let statistic = 0;
    for (let i = 0; i < differences.length; i++) {
      let value = differences[i] ?? 0;
      for (let j = 0; j < i; j++) value -= (lower[i]?.[j] ?? 0) * (solved[j] ?? 0);
      solved.push(value);
      const pivot = pivots[i] ?? 0;
      if (pivot > 0) statistic += value ** 2 / pivot;
    }
    return statistic;
  }

  /** The p-value of Pearson's test. */
  get pValue(): number {
    const degreesOfFreedom = this.#factorized().pivots.filter((pivot) => pivot > 0).length;
    return degreesOfFreedom === 0 ? 1 : chiSquareUpperTail(this.statistic, degreesOfFreedom);
  }

  #factors: { readonly lower: readonly number[][]; readonly pivots: readonly number[] } | null =
    null;

  /** The factorization L · D · Lᵀ. The counts of a stratum add up to its size, so at least one pivot is 0. */
  #factorized(): { readonly lower: readonly number[][]; readonly pivots: readonly number[] } {
    if (this.#factors !== null) return this.#factors;
    const size = this.#differences.length;
    const rest = this.#covariance.map((row) => [...row]);
    const lower = rest.map(() => new Array<number>(size).fill(0));
    const pivots: number[] = [];
    const largest = Math.max(...rest.map((row, i) => row[i] ?? 0), 0);
    for (let k = 0; k < size; k++) {
      const pivot = rest[k]?.[k] ?? 0;
      const isSmall = pivot <= TOLERANCE * largest;
      pivots.push(isSmall ? 0 : pivot);
      if (isSmall) continue;
      for (let i = k + 1; i < size; i++) {
        const factor = (rest[i]?.[k] ?? 0) / pivot;
        (lower[i] as number[])[k] = factor; // i < size
        for (let j = k; j < size; j++) {
          (rest[i] as number[])[j] = (rest[i]?.[j] ?? 0) - factor * (rest[k]?.[j] ?? 0);
        }
      }
    }
    this.#factors = { lower, pivots };
    return this.#factors;
  }
}
