import type { TrackMessage, Vendor, VendorPlan } from "@sortition/core/logger";
import { vendorOf } from "./borrowed.js";

/** Settings of an instance that the logger makes. */
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

/** The logger asks for each batch; this is for what it might miss. */
const SEND_AFTER_MS = 1_000;

/** An instance that the logger makes with the first event, out of the library that the user installed. */
export function ownedPlan(settings: RudderSettings): VendorPlan<TrackMessage> {
  const { flushAt, flushIntervalMs } = settings;
  return {
    owned: true,
    // One batch on its way and one behind it: more would only make the library's queue slow.
    maxInFlight: 2 * flushAt,
    handOverAt: flushAt,
    flushIntervalMs,
    open: () => createVendor(settings),
  };
}

async function createVendor(settings: RudderSettings): Promise<Vendor<TrackMessage>> {
  const { writeKey, dataPlaneUrl, path, gzip, retryCount, requestTimeoutMs, flushAt } = settings;
  const { default: Analytics } = await import("@rudderstack/rudder-sdk-node");
  const requests = new AbortController();
  const analytics = new Analytics(writeKey, {
    dataPlaneUrl,
    gzip,
    retryCount,
    flushAt,
    flushInterval: SEND_AFTER_MS,
    // By itself the library waits for ever, and cannot be stopped.
    axiosConfig: { timeout: requestTimeoutMs, signal: requests.signal },
    // Each failure also reaches the callback of its event, which reports it. Without a handler it
    // would be a rejection that nobody handles, and that ends the process.
    errorHandler: () => {},
    logLevel: "none",
    ...(path === undefined ? {} : { path }),
  });
  return {
    ...vendorOf(analytics),
    close: () => requests.abort(),
  };
}
