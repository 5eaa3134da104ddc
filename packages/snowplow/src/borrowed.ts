import type { Settle, Vendor, VendorPlan } from "@sortition/core/internal";
import type { SnowplowMessage } from "./message.js";
import { type SnowplowTracker, track } from "./track.js";

/**
 * Returns the plan for the user's tracker, which receives each event immediately and sends at its
 * own pace. It does not report deliveries, so an event is counted as delivered when the next flush
 * has ended.
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
  /** Tracked events that may not be sent yet. */
  #tracked: Settle[] = [];
  /** Whether a callback for the end of this turn is scheduled. */
  #isTurnOpen = false;
  #sending: Promise<void> = Promise.resolve();

  constructor(tracker: SnowplowTracker, bufferSize: number) {
    this.#tracker = tracker;
    this.#bufferSize = bufferSize;
  }

  send(message: SnowplowMessage, settle: Settle): void {
    if (!this.#isTurnOpen) {
      this.#isTurnOpen = true;
      this.#sending = Promise.resolve().then(() => this.#endTurn());
    }
    track(this.#tracker, message);
    this.#tracked.push(settle);
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
   * A few events are left to the tracker. If there are enough that the tracker would send them now,
   * its flush is called first. Only then does the flush's promise resolve after these events were
   * sent, and later events cannot push them out of the tracker's store of a thousand.
   */
  async #endTurn(): Promise<void> {
    this.#isTurnOpen = false;
    if (this.#tracked.length < this.#bufferSize) return;
    const tracked = this.#tracked.splice(0);
    await this.#flushTracker();
    for (const settle of tracked) settle.delivered();
  }

  /** Never rejects, because the next flush of the logger reports why the tracker cannot send. */
  async #flushTracker(): Promise<void> {
    try {
      await this.#tracker.flush();
    } catch {
      // The events are in the tracker's store in any case.
    }
  }
}
