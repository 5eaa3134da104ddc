import {
  settleTrack,
  type TrackMessage,
  type Vendor,
  type VendorPlan,
} from "@sortition/core/logger";

/** What the logger calls of an `Analytics` of `@rudderstack/rudder-sdk-node`, version 3. */
export interface RudderAnalytics {
  /** Takes a call; the callback hears what became of it. */
  track(message: object, callback?: (error?: unknown) => void): unknown;
  /** Sends one batch. */
  flush(): Promise<unknown>;
}

/**
 * The library writes its whole queue as JSON at each call to know its size, so the queue is kept at
 * two of its usual batches.
 */
const MAX_IN_FLIGHT = 40;

/** The user's instance: it gets each event at once and sends at its own pace. */
export function borrowedPlan(analytics: RudderAnalytics): VendorPlan<TrackMessage> {
  return {
    owned: false,
    maxInFlight: MAX_IN_FLIGHT,
    handOverAt: 1,
    flushIntervalMs: 0,
    open: () => vendorOf(analytics),
  };
}

/** How an instance is used, whoever made it. */
export function vendorOf(analytics: RudderAnalytics): Vendor<TrackMessage> {
  return {
    // The library's types know no messageId, but it sends the one it is given.
    send: (message, settle) => void analytics.track(message, (error) => settleTrack(settle, error)),
    flush: () => analytics.flush(),
  };
}
