import { seededRandom } from "@sortition/test-kit";

/** Seeded random numbers. The same seed generates the same tests. */
export class Random {
  /** Returns a number in [0, 1). */
  readonly next: () => number;
  readonly #decks = new Map<string, unknown[]>();

  constructor(seed: number) {
    this.next = seededRandom(seed);
  }

  /** Returns an integer in [from, to]. */
  integer(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.integer(0, choices.length - 1)] as T; // choices are never empty
  }

  /** Like `pick`, but repeats a choice only after all other choices of the same deck. */
  deal<T>(deck: string, choices: readonly T[]): T {
    let rest = this.#decks.get(deck) as T[] | undefined; // a deck always has the same choices
    if (rest === undefined || rest.length === 0) {
      rest = [...choices];
      this.#decks.set(deck, rest);
    }
    return rest.splice(this.integer(0, rest.length - 1), 1)[0] as T; // the deck is not empty
  }

  /** Returns `count` results of `make`. */
  times<T>(count: number, make: (index: number) => T): T[] {
    return Array.from({ length: count }, (_, i) => make(i));
  }
}

/** Returns the seed from `SORTITION_SEED`, or the fallback. */
export function seedOr(fallback: number): number {
  return isSeedGiven() ? Number(process.env["SORTITION_SEED"]) : fallback;
}

/** Whether `SORTITION_SEED` is set. A run with a chosen seed may miss rare cases. */
export function isSeedGiven(): boolean {
  return (process.env["SORTITION_SEED"] ?? "") !== "";
}
