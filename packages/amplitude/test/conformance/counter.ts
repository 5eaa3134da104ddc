import { expect } from "vitest";

/** Counts the assertions per file of cases, so that a skipped case is noticed. */
export class AssertionCounter {
  readonly #counts = new Map<string, number>();

  of(file: string): typeof expect {
    this.#counts.set(file, (this.#counts.get(file) ?? 0) + 1);
    return expect;
  }

  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }
}
