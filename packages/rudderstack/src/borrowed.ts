import type { TrackMessage, VendorPlan } from "@sortition/core/logger";
import { settleRequest } from "./retryable.js";

/** What the logger calls of an `Analytics` of `@rudderstack/rudder-sdk-node`, version 3. */
export interface RudderAnalytics {
  /** Takes a call; the callback receives its outcome. */
  track(message: object, callback?: (error?: unknown) => void): unknown;
  /** Sends one batch. */
  flush(): Promise<unknown>;
}

/**
 * The library sends what it holds when its last request has ended: as many requests at once as it has batches.
 * So it gets as many as it can handle. With more, most of its time would go into its queue, which it serialises at
 * each call to learn its size.
 */
const MAX_BATCHES = 50;

/**
 * The plan for the user's instance: it receives each event at once and sends at its own pace.
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
    open: () => ({
      send(message, settle) {
        if (isFull(analytics)) void Promise.resolve().then(() => settle.retry(FULL));
        // The library's types lack messageId, but it sends the given one.
        else analytics.track(message, (error) => settleRequest(settle, error));
      },
      flush: () => analytics.flush(),
    }),
  };
}

const FULL = new Error("the queue of the RudderStack instance is full");

/** Members of the library that its types do not name. */
interface WithQueue {
  readonly queue?: unknown;
  readonly maxInternalQueueSize?: unknown;
}

/** Quirk: an instance whose queue is full drops what it is given, and calls nobody back. */
function isFull(analytics: RudderAnalytics & WithQueue): boolean {
  const { maxInternalQueueSize, queue } = analytics;
  return (
    Array.isArray(queue) &&
    typeof maxInternalQueueSize === "number" &&
    queue.length >= maxInternalQueueSize
  );
}
