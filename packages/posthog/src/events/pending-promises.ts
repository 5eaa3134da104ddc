/** Promises for which a flush waits. */
export class PendingPromises {
  readonly #pending = new Set<Promise<unknown>>();

  /** Adds a promise and returns it. The caller must handle its rejection. */
  add<T>(promise: Promise<T>): Promise<T> {
    const settled = promise.catch(() => {});
    this.#pending.add(settled);
    void settled.then(() => this.#pending.delete(settled));
    return promise;
  }

  /** Resolves when all promises have settled, including those added in the meantime. */
  async settled(): Promise<void> {
    while (this.#pending.size > 0) await this.settledSoFar();
  }

  /** Resolves when all promises added so far have settled. */
  async settledSoFar(): Promise<void> {
    await Promise.all(this.#pending);
  }
}
