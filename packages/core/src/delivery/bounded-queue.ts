/** Whether a full queue drops the new item or the oldest. */
export type OverflowPolicy = "drop-newest" | "drop-oldest";

/** An item of known size, as estimated by `estimateBytes`. */
export interface Sized {
  readonly sizeBytes: number;
}

/** Limits of a queue. */
export interface QueueLimits {
  readonly maxItems: number;
  readonly maxBytes: number;
  readonly overflow: OverflowPolicy;
}

/** Why a queue did not accept an item: the queue is full, or the item alone exceeds `maxBytes`. */
export type QueueRefusal = "overflow" | "too-large";

/**
 * A first-in, first-out queue that is bounded by number and by estimated size.
 *
 * `shift` removes an item for good. `lend` removes an item that may have to be sent again: it still
 * counts against the limits until it is passed to `release`.
 */
export class BoundedQueue<Item extends Sized> {
  readonly #limits: QueueLimits;
  #items: Item[] = [];
  /** Index of the oldest item. Shifting the array for each removed item would take quadratic time. */
  #head = 0;
  #heldItems = 0;
  #heldBytes = 0;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  /** Number of items in the queue, without lent ones. */
  get length(): number {
    return this.#items.length - this.#head;
  }

  /** Estimated size of the items in the queue and of lent items. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Whether any further item would be refused. */
  get refusesAll(): boolean {
    const { maxItems, overflow } = this.#limits;
    return this.#heldItems >= maxItems && (overflow === "drop-newest" || this.length === 0);
  }

  /**
   * Adds an item, or returns why it does not fit.
   *
   * @param onEvicted - called with each older item that is dropped to make room.
   */
  offer(item: Item, onEvicted: (item: Item) => void): QueueRefusal | null {
    const { maxItems, maxBytes, overflow } = this.#limits;
    if (item.sizeBytes > maxBytes) return "too-large";
    while (this.#heldItems >= maxItems || this.#heldBytes + item.sizeBytes > maxBytes) {
      const oldest = overflow === "drop-oldest" ? this.shift() : undefined;
      if (oldest === undefined) return "overflow";
      onEvicted(oldest);
    }
    this.#items.push(item);
    this.#heldItems += 1;
    this.#heldBytes += item.sizeBytes;
    return null;
  }

  /**
   * Puts removed items back before all others. The oldest items are dropped until the rest fits.
   *
   * @param onEvicted - called with each item that is dropped.
   */
  putBack(items: readonly Item[], onEvicted: (item: Item) => void): void {
    const { maxItems, maxBytes } = this.#limits;
    this.#items = [...items, ...this.#items.slice(this.#head)];
    this.#head = 0;
    this.#heldItems += items.length;
    for (const { sizeBytes } of items) this.#heldBytes += sizeBytes;
    while (this.#heldItems > maxItems || this.#heldBytes > maxBytes) {
      const oldest = this.shift();
      if (oldest === undefined) return;
      onEvicted(oldest);
    }
  }

  /** Returns the item at this index, counted from the oldest. */
  peek(place = 0): Item | undefined {
    return this.#items[this.#head + place];
  }

  /** Removes the oldest item. */
  shift(): Item | undefined {
    const item = this.lend();
    if (item !== undefined) this.release(item);
    return item;
  }

  /** Removes the oldest item, which counts against the limits until it is released. */
  lend(): Item | undefined {
    const item = this.#items[this.#head];
    if (item === undefined) return undefined;
    this.#head += 1;
    // Each item is moved at most once per halving, so the cost per item does not depend on the length.
    // This also frees the removed items.
    if (this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  /** Ends a loan, so that the item no longer counts. Call it once for each lent item. */
  release({ sizeBytes }: Item): void {
    this.#heldItems -= 1;
    this.#heldBytes -= sizeBytes;
  }
}
