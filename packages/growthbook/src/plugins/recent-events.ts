/** Remembers what was sent lately. Bounded: what was not seen for longest is forgotten. */
export class RecentEvents {
  readonly #keys = new Set<string>();
  readonly #maxSize: number;

  constructor(maxSize: number) {
    this.#maxSize = maxSize;
  }

  /** Returns whether the key is new, and remembers it. */
  add(key: string): boolean {
    const isNew = !this.#keys.delete(key);
    this.#keys.add(key);
    const [oldest] = this.#keys;
    if (this.#keys.size > this.#maxSize && oldest !== undefined) this.#keys.delete(oldest);
    return isNew;
  }
}
