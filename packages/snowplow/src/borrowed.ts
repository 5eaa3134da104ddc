import type { Settle, Vendor, VendorPlan } from "@sortition/core/kit";
import type { SnowplowMessage } from "./message.js";
import { type SnowplowTracker, track } from "./track.js";

interface Held {
  readonly message: SnowplowMessage;
  readonly settle: Settle;
}

/**
 * The plan for the user's tracker: it receives each event at once and sends at its own pace. It does not
 * report deliveries, so an event counts as delivered when the flush after it has ended.
 *
 * @param bufferSize - the tracker's own option.
 */
export function borrowedPlan(
  tracker: SnowplowTracker,
  bufferSize: number,
): VendorPlan<SnowplowMessage> {
  return {
    maxInFlight: 100,
    handOverAt: 1,
    flushIntervalMs: 0,
    open: () => new BorrowedVendor(tracker, bufferSize),
  };
}

class BorrowedVendor implements Vendor<SnowplowMessage> {
  readonly #tracker: SnowplowTracker;
  readonly #bufferSize: number;
  #slice: Held[] = [];
  /** Tracked, and possibly not sent. */
  #tracked: Settle[] = [];
  #sending: Promise<void> = Promise.resolve();

  constructor(tracker: SnowplowTracker, bufferSize: number) {
    this.#tracker = tracker;
    this.#bufferSize = bufferSize;
  }

  /** Messages of one turn are tracked together, in the next microtask. */
  send(message: SnowplowMessage, settle: Settle): void {
    this.#slice.push({ message, settle });
    if (this.#slice.length === 1) this.#sending = Promise.resolve().then(() => this.#trackSlice());
  }

  async flush(): Promise<void> {
    await this.#sending;
    const tracked = this.#tracked.splice(0);
    try {
      await this.#tracker.flush();
    } finally {
      for (const settle of tracked) settle.delivered(); // they are in the tracker's store in any case
    }
  }

  /**
   * A few events are left to the tracker. If there are so many that it would send at once, its flush is
   * called first: only then does the promise resolve after these events were sent, and later events do not
   * push them out of its store, which holds a thousand.
   */
  async #trackSlice(): Promise<void> {
    const slice = this.#slice.splice(0);
    const isFull = slice.length + this.#tracked.length >= this.#bufferSize;
    const flushed = isFull ? this.#flushTracker() : undefined;
    for (const { message, settle } of slice) {
      try {
        track(this.#tracker, message);
        this.#tracked.push(settle);
      } catch (error) {
        settle.failed(error);
      }
    }
    if (flushed === undefined) return;
    const tracked = this.#tracked.splice(0);
    await flushed;
    for (const settle of tracked) settle.delivered();
  }

  /** Never rejects: the next flush of the logger reports why the tracker cannot send. */
  async #flushTracker(): Promise<void> {
    try {
      await this.#tracker.flush();
    } catch {
      // The events are in the tracker's store in any case.
    }
  }
}
