import type { Settle, TrackMessage, Vendor, VendorPlan } from "@sortition/core/kit";
import type { RudderAnalytics } from "./borrowed.js";
import { settleRequest } from "./retryable.js";

/** Settings of the instances that the logger makes. */
export interface RudderSettings {
  readonly writeKey: string;
  readonly dataPlaneUrl: string;
  readonly path?: string | undefined;
  readonly gzip: boolean;
  readonly retryCount: number;
  readonly requestTimeoutMs: number;
  readonly flushAt: number;
  readonly flushIntervalMs: number;
}

interface Handed {
  readonly message: TrackMessage;
  readonly settle: Settle;
}

/** Maximum number of concurrent requests, so that latency does not limit the rate. */
const MAX_BATCHES = 50;
/** The logger requests each batch; this is the library's own delay for an incomplete one. */
const SEND_AFTER_MS = 1_000;

/** The plan for instances that the logger makes when needed, from the user's library. */
export function ownedPlan(settings: RudderSettings): VendorPlan<TrackMessage> {
  const { flushAt, flushIntervalMs } = settings;
  return {
    maxInFlight: MAX_BATCHES * flushAt,
    batchSize: flushAt,
    handOverAt: flushAt,
    flushIntervalMs,
    open: () => createVendor(settings),
  };
}

async function createVendor(settings: RudderSettings): Promise<Vendor<TrackMessage>> {
  const { writeKey, dataPlaneUrl, path, gzip, retryCount, requestTimeoutMs, flushAt } = settings;
  const { default: Analytics } = await import("@rudderstack/rudder-sdk-node");
  const create = (signal: AbortSignal): RudderAnalytics =>
    new Analytics(writeKey, {
      dataPlaneUrl,
      gzip,
      retryCount,
      flushAt,
      flushInterval: SEND_AFTER_MS,
      // By default the library has no time-out, and its requests cannot be aborted.
      axiosConfig: { timeout: requestTimeoutMs, signal },
      // Each failure also reaches the callback of its event, which reports it. Without a handler it
      // would be an unhandled rejection, which ends the process.
      errorHandler: () => {},
      logLevel: "none",
      ...(path === undefined ? {} : { path }),
    });
  return new BatchVendor(create, flushAt, dataPlaneUrl);
}

/**
 * Uses one instance of the library per request in flight. A single instance sends its batches one after
 * the other, and serialises its whole queue at each call: so each instance holds one batch at a time.
 */
class BatchVendor implements Vendor<TrackMessage> {
  readonly url: string;
  readonly #create: (signal: AbortSignal) => RudderAnalytics;
  readonly #batchSize: number;
  /** One per instance: Node warns about a signal with many listeners. */
  readonly #controllers: AbortController[] = [];
  readonly #idle: RudderAnalytics[] = [];
  #batch: Handed[] = [];

  constructor(
    create: (signal: AbortSignal) => RudderAnalytics,
    batchSize: number,
    dataPlaneUrl: string,
  ) {
    this.url = dataPlaneUrl;
    this.#create = create;
    this.#batchSize = batchSize;
  }

  send(message: TrackMessage, settle: Settle): void {
    this.#batch.push({ message, settle });
    if (this.#batch.length >= this.#batchSize) this.#sendBatch();
  }

  async flush(): Promise<void> {
    this.#sendBatch();
  }

  close(): void {
    for (const controller of this.#controllers) controller.abort();
  }

  #createInstance(): RudderAnalytics {
    const controller = new AbortController();
    this.#controllers.push(controller);
    return this.#create(controller.signal);
  }

  #sendBatch(): void {
    const batch = this.#batch;
    if (batch.length === 0) return;
    this.#batch = [];
    const analytics = this.#idle.pop() ?? this.#createInstance();
    let left = batch.length;
    const end = (): void => {
      left -= 1;
      if (left === 0) this.#idle.push(analytics);
    };
    for (const { message, settle } of batch) {
      try {
        analytics.track(message, (error) => {
          settleRequest(settle, error);
          end();
        });
      } catch (error) {
        settle.failed(error);
        end();
      }
    }
    // Quirk: the first event of an instance is sent alone, and the rest after `SEND_AFTER_MS`.
    void analytics.flush().catch(() => {});
  }
}
