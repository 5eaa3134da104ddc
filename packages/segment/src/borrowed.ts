import { setTimeout as wait } from "node:timers/promises";
import {
  type Attempts,
  HttpStatusError,
  type Settle,
  settleTrack,
  type TrackMessage,
  type Vendor,
  type VendorPlan,
} from "@sortition/core/internal";

/** The members that the logger calls of an `Analytics` from `@segment/analytics-node`, version 2.3 or 3. */
export interface SegmentAnalytics {
  /** Tracks a call. The callback receives its outcome. */
  track(message: object, callback?: (error?: unknown) => void): unknown;
  /** Sends its queued events. */
  flush(): Promise<unknown>;
  /**
   * Registers a listener. Without this method, the logger notices failing requests only when the
   * library gives up, and does not notice that the instance was closed.
   */
  readonly on?: {
    (event: "call_after_close", listener: () => void): unknown;
    (event: "http_request", listener: (request: HttpRequest) => void): unknown;
    (event: "http_response", listener: (response: HttpResponse) => void): unknown;
  };
}

/** Detail of the event `http_request`. */
interface HttpRequest {
  readonly url: string;
}

/** Detail of the event `http_response`. */
interface HttpResponse {
  readonly status: number;
}

/** The events of a batch settle one after another. If none settles for this long, the batch has ended. */
const SETTLING_MS = 50;
/** Limits the wait, because events settle all the time under steady traffic. */
const MAX_ROUNDS = 20;

/**
 * Returns the plan for the user's instance, which receives each event immediately and sends at its
 * own pace.
 *
 * @param flushAt - the instance's own option.
 */
export function borrowedPlan(
  analytics: SegmentAnalytics,
  flushAt: number,
): VendorPlan<TrackMessage> {
  return {
    maxInFlight: 500,
    handOverAt: 1,
    flushIntervalMs: 0,
    open: (attempts) => new BorrowedVendor(analytics, flushAt, attempts),
  };
}

class BorrowedVendor implements Vendor<TrackMessage> {
  readonly #analytics: SegmentAnalytics;
  readonly #flushAt: number;
  /** The URL of requests; `null` before the first one. */
  url: string | null = null;
  #inFlight = 0;
  /** Set by the library, within `track`, after the user has closed the instance. */
  #isClosed = false;
  #wake: () => void = () => {};

  constructor(analytics: SegmentAnalytics, flushAt: number, attempts: Attempts) {
    this.#analytics = analytics;
    this.#flushAt = flushAt;
    analytics.on?.("call_after_close", () => {
      this.#isClosed = true;
    });
    analytics.on?.("http_request", ({ url }) => {
      this.url = url;
    });
    analytics.on?.("http_response", ({ status }) => {
      if (status < 400) attempts.succeeded();
      else attempts.failed(new HttpStatusError(status, null));
    });
  }

  /** Quirk: a closed instance neither throws nor calls back. */
  send(message: TrackMessage, settle: Settle): void {
    this.#analytics.track(message, (error) => {
      this.#inFlight -= 1;
      settleTrack(settle, error);
      this.#wake();
    });
    if (this.#isClosed) settle.failed(new Error("the Segment instance was closed"));
    else this.#inFlight += 1;
  }

  /**
   * Quirk: at a flush, the library sends an incomplete batch only if no other batch is in flight,
   * and then ignores every flush until all events are delivered. So we first wait for full batches,
   * which the library sends by itself.
   *
   * The flush has no time-out, because on a time-out the library would also abort the user's own
   * events.
   */
  async flush(): Promise<void> {
    while (this.#inFlight >= this.#flushAt) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    for (let round = 0, before = -1; round < MAX_ROUNDS && before !== this.#inFlight; round++) {
      before = this.#inFlight;
      await wait(SETTLING_MS, undefined, { ref: false });
    }
    await this.#analytics.flush();
  }
}
