import { expect } from "vitest";

/** Counts the assertions of each file of cases, so that a case that is not read is missed. */
export class AssertionCounter {
  readonly #counts = new Map<string, number>();

  /** Counts an assertion of a file. */
  of(file: string): typeof expect {
    this.#counts.set(file, (this.#counts.get(file) ?? 0) + 1);
    return expect;
  }

  /** Number of assertions by file. */
  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }
}
