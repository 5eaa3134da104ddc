/** Remembers the keys of recent events. At the limit, the least recently seen key is removed. */
export class RecentEvents {
  readonly #keys = new Set<string>();
  readonly #maxSize: number;

  constructor(maxSize: number) {
    this.#maxSize = maxSize;
  }

  /** Adds a key, and returns whether it is new. */
  add(key: string): boolean {
    const isNew = !this.#keys.delete(key);
    this.#keys.add(key);
    const [oldest] = this.#keys;
    if (this.#keys.size > this.#maxSize && oldest !== undefined) this.#keys.delete(oldest);
    return isNew;
  }
}
