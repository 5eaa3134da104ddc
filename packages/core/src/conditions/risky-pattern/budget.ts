/** What the analysis of one pattern may cost: nodes read, positions made, edges followed. */
export class Budget {
  /** See record 0045. */
  #left = 60_000;

  /** @throws an error that {@link isTooLarge} if it is spent. */
  spend(count: number): void {
    this.#left -= count;
    if (this.#left < 0) throw new Exhausted();
  }
}

class Exhausted extends Error {}

/** Whether a pattern was too large, or its groups nest too deeply for the stack. */
export function isTooLarge(cause: unknown): boolean {
  return cause instanceof Exhausted || cause instanceof RangeError;
}
