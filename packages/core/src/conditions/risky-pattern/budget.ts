/** Limits the cost of analysing a pattern: nodes read, positions created, edges followed. */
export class Budget {
  /** Chosen in decision record 0045. */
  #left = 60_000;

  /** @throws an error for which {@link isTooLarge} returns true, if the budget is spent. */
  spend(count: number): void {
    this.#left -= count;
    if (this.#left < 0) throw new Exhausted();
  }
}

class Exhausted extends Error {}

/** Whether an error means that a pattern is too large or nested too deeply for the stack. */
export function isTooLarge(cause: unknown): boolean {
  return cause instanceof Exhausted || cause instanceof RangeError;
}
