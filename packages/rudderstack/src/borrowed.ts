import type { Settle, TrackMessage, Vendor, VendorPlan } from "@sortition/core/internal";
import { settleRequest } from "./retryable.js";

/** The members that the logger calls of an `Analytics` from `@rudderstack/rudder-sdk-node`, version 3. */
export interface RudderAnalytics {
  /** Tracks a call. The callback receives its outcome. */
  track(message: object, callback?: (error?: unknown) => void): unknown;
  /** Sends one batch. */
  flush(): Promise<unknown>;
}

/**
 * When its last request has ended, the library sends each queued batch in a separate, simultaneous request. We limit the
 * number of batches, because the library serializes its whole queue at each call to measure its size.
 */
const MAX_BATCHES = 50;

/**
 * Returns the plan for the user's instance, which receives each event immediately and sends at its
 * own pace.
 *
 * @param flushAt - the instance's own option.
 */
export function borrowedPlan(
  analytics: RudderAnalytics,
  flushAt: number,
): VendorPlan<TrackMessage> {
  return {
    maxInFlight: MAX_BATCHES * flushAt,
    batchSize: flushAt,
    handOverAt: 1,
    flushIntervalMs: 0,
    open: () => new BorrowedVendor(analytics),
  };
}

/**
 * Quirk: the library checks an event and sends a copy. An application's event whose `toJSON` reads
 * private members cannot be serialized as a copy. In that case, every call that measures the queue
 * throws. The flush throws, too, and loses the other events of the batch without calling their
 * callbacks.
 */
class BorrowedVendor implements Vendor<TrackMessage> {
  readonly #analytics: RudderAnalytics & WithQueue;
  /** Events that were passed to the library and have no outcome yet, with their ids. */
  readonly #handed = new Map<Settle, string>();

  constructor(analytics: RudderAnalytics) {
    this.#analytics = analytics;
  }

  send(message: TrackMessage, settle: Settle): void {
    if (isFull(this.#analytics)) {
      settle.retry(FULL);
      return;
    }
    const { messageId } = message;
    this.#handed.set(settle, messageId);
    try {
      // The library's types lack messageId, but it sends the given one.
      this.#analytics.track(message, (error) => {
        this.#handed.delete(settle);
        settleRequest(settle, error);
      });
    } catch (error) {
      if (queuedIds(this.#analytics).has(messageId)) return;
      this.#handed.delete(settle);
      throw error;
    }
  }

  async flush(): Promise<void> {
    try {
      await this.#analytics.flush();
    } catch (error) {
      if (error instanceof TypeError) this.#sendAgain(error);
      throw error;
    }
  }

  #sendAgain(error: TypeError): void {
    const queued = queuedIds(this.#analytics);
    for (const [settle, messageId] of this.#handed) {
      if (queued.has(messageId)) continue;
      this.#handed.delete(settle);
      settle.retry(error);
    }
  }
}

const FULL = new Error("the queue of the RudderStack instance is full");

/** Members of the library that are missing in its types. */
interface WithQueue {
  readonly queue?: unknown;
  readonly maxInternalQueueSize?: unknown;
}

/** Returns the ids of messages that the library has not started to send. */
function queuedIds({ queue }: WithQueue): ReadonlySet<unknown> {
  return new Set(Array.isArray(queue) ? queue.map((item) => item?.message?.messageId) : []);
}

/** Quirk: an instance whose queue is full drops further events without calling their callbacks. */
function isFull(analytics: RudderAnalytics & WithQueue): boolean {
  const { maxInternalQueueSize, queue } = analytics;
  return (
    Array.isArray(queue) &&
    typeof maxInternalQueueSize === "number" &&
    queue.length >= maxInternalQueueSize
  );
}
