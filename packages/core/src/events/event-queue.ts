import type { PendingExposure } from "./pending-exposure.js";

/** What to drop when a queue is full: the event that comes, or the one that waits longest. */
export type OverflowPolicy = "drop-newest" | "drop-oldest";

/** An exposure that waits in a queue. */
export interface QueuedExposure {
  readonly exposure: PendingExposure;
  /** Its number among all that the queue accepted. */
  readonly sequence: number;
  readonly sizeBytes: number;
}

/** First in, first out, bounded by number and by estimated size. */
export class EventQueue {
  readonly #maxEvents: number;
  readonly #maxBytes: number;
  #items: QueuedExposure[] = [];
  /** Index of the oldest: moving all others up for each one that leaves would be quadratic. */
  #head = 0;
  #bytes = 0;

  constructor({ maxEvents, maxBytes }: { readonly maxEvents: number; readonly maxBytes: number }) {
    this.#maxEvents = maxEvents;
    this.#maxBytes = maxBytes;
  }

  get length(): number {
    return this.#items.length - this.#head;
  }

  /** Whether no further event fits, however small. */
  get isFull(): boolean {
    return this.length >= this.#maxEvents;
  }

  /** Whether an event of this size fits when nothing else is there. */
  canHold(sizeBytes: number): boolean {
    return sizeBytes <= this.#maxBytes;
  }

  /** Whether an event of this size fits now. */
  hasRoomFor(sizeBytes: number): boolean {
    return !this.isFull && this.#bytes + sizeBytes <= this.#maxBytes;
  }

  push(item: QueuedExposure): void {
    this.#items.push(item);
    this.#bytes += item.sizeBytes;
  }

  /** Takes the oldest out. */
  shift(): QueuedExposure | undefined {
    const item = this.#items[this.#head];
    if (item === undefined) return undefined;
    this.#head += 1;
    this.#bytes -= item.sizeBytes;
    // Each element is moved at most once per halving, so that a long queue costs no more per event.
    // What was taken out is released at the latest then.
    if (this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }
}
