/** Which event goes when one more comes than may wait. */
export type OverflowPolicy = "drop-oldest" | "drop-newest";

/** A first-in, first-out queue of bounded length. */
export class RingBuffer<T> {
  readonly #slots: (T | undefined)[] = [];
  readonly #capacity: number;
  readonly #policy: OverflowPolicy;
  #head = 0;
  #size = 0;

  constructor(capacity: number, policy: OverflowPolicy) {
    this.#capacity = capacity;
    this.#policy = policy;
  }

  get size(): number {
    return this.#size;
  }

  /** Adds an item, and returns the one that had to go for it, or did not get in; `undefined`: none. */
  push(item: T): T | undefined {
    if (this.#size === this.#capacity && this.#policy === "drop-newest") return item;
    const evicted = this.#size === this.#capacity ? this.shift() : undefined;
    this.#slots[(this.#head + this.#size) % this.#capacity] = item;
    this.#size += 1;
    return evicted;
  }

  /** The oldest item. */
  peek(): T | undefined {
    return this.#slots[this.#head];
  }

  /** Takes the oldest item out. */
  shift(): T | undefined {
    const item = this.#slots[this.#head];
    if (this.#size === 0) return undefined;
    this.#slots[this.#head] = undefined;
    this.#head = (this.#head + 1) % this.#capacity;
    this.#size -= 1;
    return item;
  }
}
