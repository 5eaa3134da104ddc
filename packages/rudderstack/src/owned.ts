import {
  mayHaveArrived,
  TrackBatches,
  type TrackInstance,
  type TrackMessage,
  type Vendor,
  type VendorPlan,
} from "@sortition/core/internal";
import { outcomeOf, retryDelayMs } from "./retryable.js";

/** Settings of the instances that the logger creates. */
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

/** Maximum size of a batch. The service accepts 500 kB. */
const MAX_BATCH_BYTES = 450_000;
/** Maximum number of concurrent requests, so that latency does not limit the rate. */
const MAX_BATCHES = 50;
/** The library's own delay for an incomplete batch. The logger flushes each batch itself. */
const SEND_AFTER_MS = 1_000;

/** Returns the plan for instances that the logger creates from the user's library when it needs them. */
export function ownedPlan(settings: RudderSettings): VendorPlan<TrackMessage> {
  const { flushAt, flushIntervalMs } = settings;
  return {
    maxInFlight: MAX_BATCHES * flushAt,
    batchSize: flushAt,
    handOverAt: flushAt,
    flushIntervalMs,
    library: "@rudderstack/rudder-sdk-node",
    open: () => createVendor(settings),
  };
}

async function createVendor(settings: RudderSettings): Promise<Vendor<TrackMessage>> {
  const { writeKey, dataPlaneUrl, path, gzip, retryCount, requestTimeoutMs, flushAt } = settings;
  const { default: Analytics } = await import("@rudderstack/rudder-sdk-node");
  /** One controller per instance, because Node warns about a signal with many listeners. */
  const controllers: AbortController[] = [];
  const create = (): TrackInstance => {
    const controller = new AbortController();
    controllers.push(controller);
    /** Whether an attempt of the last flush got no response, and when the library makes the next one. */
    let [isUncertain, nextAttemptAtMs] = [false, 0];
    const analytics = new Analytics(writeKey, {
      dataPlaneUrl,
      gzip,
      retryCount,
      flushAt,
      flushInterval: SEND_AFTER_MS,
      // By default the library has no time-out, and its requests cannot be aborted.
      axiosConfig: { timeout: requestTimeoutMs, signal: controller.signal },
      axiosRetryConfig: {
        retryDelay(retries: number, error: unknown) {
          const delayMs = retryDelayMs(retries, error);
          isUncertain ||= mayHaveArrived(error);
          nextAttemptAtMs = performance.now() + delayMs;
          return delayMs;
        },
      },
      // Each failure also reaches the callback of its event, which reports it. Without a handler,
      // it would be an unhandled rejection, which ends the process.
      errorHandler: () => {},
      logLevel: "none",
      ...(path === undefined ? {} : { path }),
    });
    // Quirk: otherwise the library sends the first event of an instance alone, and the others of its batch in
    // another request, even if the service requests a pause meanwhile. The library's types lack this member.
    Object.assign(analytics, { flushed: true });
    return {
      track(message, callback) {
        // The library's types lack messageId, but it sends the given one.
        const params = message as unknown as Parameters<typeof analytics.track>[0];
        // The library's types also lack the argument of the callback.
        analytics.track(params, (...[error]: unknown[]) => callback(outcomeOf(error)));
      },
      flush() {
        [isUncertain, nextAttemptAtMs] = [false, 0];
        return analytics.flush();
      },
      mayHaveArrived: () => isUncertain || performance.now() >= nextAttemptAtMs,
    };
  };
  return new TrackBatches(dataPlaneUrl, {
    maxItems: flushAt,
    maxBytes: MAX_BATCH_BYTES,
    create,
    close() {
      for (const controller of controllers) controller.abort();
    },
  });
}
