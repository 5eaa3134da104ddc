/** Promises that a flush waits for. */
export class PendingPromises {
  readonly #pending = new Set<Promise<unknown>>();

  /** Returns the promise itself: its rejection is the caller's to handle. */
  add<T>(promise: Promise<T>): Promise<T> {
    const settled = promise.catch(() => {});
    this.#pending.add(settled);
    void settled.then(() => this.#pending.delete(settled));
    return promise;
  }

  /** Resolves when all promises have settled, including promises that are added meanwhile. */
  async settled(): Promise<void> {
    while (this.#pending.size > 0) await this.settledSoFar();
  }

  /** Resolves when all promises that were added so far have settled. */
  async settledSoFar(): Promise<void> {
    await Promise.all(this.#pending);
  }
}
