/** The item that a full queue drops: the new one, or the oldest. */
export type OverflowPolicy = "drop-newest" | "drop-oldest";

/** An item of known size, as estimated by `estimateBytes`. */
export interface Sized {
  readonly sizeBytes: number;
}

/** Bounds of a queue. */
export interface QueueLimits {
  readonly maxItems: number;
  readonly maxBytes: number;
  readonly overflow: OverflowPolicy;
}

/** Why a queue did not accept an item: it is full, or the item alone exceeds the bound of bytes. */
export type QueueRefusal = "overflow" | "too-large";

/**
 * A first-in, first-out queue that is bounded by number and by estimated size.
 *
 * An item leaves it for good by `shift`. By `lend` it leaves the queue but still counts against the
 * bounds until it is given to `release`: that is for items that may have to be sent again.
 */
export class BoundedQueue<Item extends Sized> {
  readonly #limits: QueueLimits;
  #items: Item[] = [];
  /** Index of the oldest item: moving all others for each item that leaves would take quadratic time. */
  #head = 0;
  #heldItems = 0;
  #heldBytes = 0;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  /** Items in the queue, without those that are lent. */
  get length(): number {
    return this.#items.length - this.#head;
  }

  /** Estimated size of the items in the queue and of those that are lent. */
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
   * Puts items that were removed back before all others. The oldest items are dropped until the rest fits.
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

  /** The oldest item, or the item at this index, counted from the oldest. */
  peek(place = 0): Item | undefined {
    return this.#items[this.#head + place];
  }

  /** Removes the oldest item. */
  shift(): Item | undefined {
    const item = this.lend();
    if (item !== undefined) this.release(item);
    return item;
  }

  /** Removes the oldest item, which counts against the bounds until it is released. */
  lend(): Item | undefined {
    const item = this.#items[this.#head];
    if (item === undefined) return undefined;
    this.#head += 1;
    // Each item is moved at most once per halving, so the cost per item does not depend on the length.
    // Removed items are freed at the latest then.
    if (this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  /** Ends a loan: the item no longer counts. Call it once for each item of `lend`. */
  release({ sizeBytes }: Item): void {
    this.#heldItems -= 1;
    this.#heldBytes -= sizeBytes;
  }
}
