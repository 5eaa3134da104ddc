import type { HTTPResponse } from "@segment/analytics-node";
import {
  abortableFetch,
  TrackBatches,
  type TrackInstance,
  type TrackMessage,
  type Vendor,
  type VendorPlan,
} from "@sortition/core/internal";
import { failureOf, type RequestFailure, Retries } from "./retries.js";

/** Settings of the instances that the logger creates. */
export interface SegmentSettings {
  readonly writeKey: string;
  readonly host?: string | undefined;
  readonly path?: string | undefined;
  readonly maxRetries: number;
  readonly httpRequestTimeoutMs?: number | undefined;
  readonly flushAt: number;
  readonly flushIntervalMs: number;
}

/** Maximum size of a batch. The service accepts 500 kB. */
const MAX_BATCH_BYTES = 450_000;
/** Maximum number of events in flight. Small batches are limited further by `MAX_BATCHES`. */
const MAX_IN_FLIGHT = 500;
const MAX_BATCHES = 50;
/** The library's defaults. */
const DEFAULT_HOST = "https://api.segment.io";
const DEFAULT_REQUEST_TIMEOUT_MS = 10_000;

/** Returns the plan for instances that the logger creates from the user's library when it needs them. */
export function ownedPlan(settings: SegmentSettings): VendorPlan<TrackMessage> {
  const { flushAt, flushIntervalMs } = settings;
  const batches = Math.min(MAX_BATCHES, Math.floor(MAX_IN_FLIGHT / flushAt));
  return {
    maxInFlight: batches * flushAt,
    batchSize: flushAt,
    handOverAt: flushAt,
    flushIntervalMs,
    library: "@segment/analytics-node",
    open: () => createVendor(settings),
  };
}

async function createVendor(settings: SegmentSettings): Promise<Vendor<TrackMessage>> {
  const { writeKey, host, path, maxRetries, flushAt, httpRequestTimeoutMs } = settings;
  const { Analytics } = await import("@segment/analytics-node");
  // The library does not read response bodies, and its own time-out covers only the headers.
  const requests = abortableFetch((url: string, init: RequestInit) => fetch(url, init), {
    read: (response) => response.arrayBuffer(),
    bodyTimeoutMs: httpRequestTimeoutMs ?? DEFAULT_REQUEST_TIMEOUT_MS,
  });
  const retries = new Retries(maxRetries);
  const create = (): TrackInstance => {
    /** Why the last request failed; `null` if it succeeded. */
    let failure: RequestFailure | null = null;
    const request = async (url: string, init: RequestInit): Promise<HTTPResponse> => {
      try {
        const response = await requests.fetch(url, init);
        failure = failureOf(response);
        // The logger itself waits as long as the headers request.
        return { status: response.status, statusText: response.statusText, headers: {} };
      } catch (error) {
        failure = { error, isTemporary: true };
        throw error;
      }
    };
    const analytics = new Analytics({
      writeKey,
      flushAt,
      // The logger retries. Quirk: each retry by the library leaves a listener on the same signal, and Node warns about them.
      maxRetries: 0,
      httpClient: (url, init) => request(String(url), init as RequestInit),
      ...(host === undefined ? {} : { host }),
      ...(path === undefined ? {} : { path }),
      ...(httpRequestTimeoutMs === undefined ? {} : { httpRequestTimeout: httpRequestTimeoutMs }),
    });
    // Each failure also reaches the callback of its event, which reports it.
    analytics.on("error", () => {});
    return {
      track(message, callback) {
        // A message has a userId, an anonymousId or both, as the library's type requires.
        const params = message as Parameters<typeof analytics.track>[0];
        analytics.track(params, (error) => {
          if (error === undefined || error === null) callback({ kind: "delivered" });
          else
            callback(
              failure === null ? { kind: "failed", error } : retries.outcomeOf(failure, message),
            );
        });
      },
      flush: () => analytics.flush(),
    };
  };
  return new TrackBatches(host ?? DEFAULT_HOST, {
    maxItems: flushAt,
    maxBytes: MAX_BATCH_BYTES,
    create,
    close: () => requests.abortAll(),
  });
}
