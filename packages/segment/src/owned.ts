import {
  type Attempts,
  abortableFetch,
  HttpStatusError,
  settleTrack,
  type TrackMessage,
  type Vendor,
  type VendorPlan,
} from "@sortition/core/kit";

/** Settings of the instance that the logger makes. */
export interface SegmentSettings {
  readonly writeKey: string;
  readonly host?: string | undefined;
  readonly path?: string | undefined;
  /** Given in any case: the default of version 2 of the library is 3, that of version 3 is 10. */
  readonly maxRetries: number;
  readonly httpRequestTimeoutMs?: number | undefined;
  readonly flushAt: number;
  readonly flushIntervalMs: number;
}

/** The logger decides when a batch is complete; this is the library's own delay for an incomplete one. */
const SEND_AFTER_MS = 100;
const MAX_CLOSE_MS = 10_000;
/** The library's defaults. */
const DEFAULT_HOST = "https://api.segment.io";
const DEFAULT_REQUEST_TIMEOUT_MS = 10_000;

/** The plan for an instance that the logger makes with the first event, from the user's library. */
export function ownedPlan(settings: SegmentSettings): VendorPlan<TrackMessage> {
  const { flushAt, flushIntervalMs } = settings;
  return {
    maxInFlight: 500,
    handOverAt: flushAt,
    flushIntervalMs,
    open: (attempts) => createVendor(settings, attempts),
  };
}

async function createVendor(
  settings: SegmentSettings,
  attempts: Attempts,
): Promise<Vendor<TrackMessage>> {
  const { writeKey, host, path, maxRetries, flushAt, httpRequestTimeoutMs } = settings;
  const { Analytics } = await import("@segment/analytics-node");
  // The library reads no body, and its own time-out ends at the headers.
  const requests = abortableFetch((url: string, init: RequestInit) => fetch(url, init), {
    read: (response) => response.arrayBuffer(),
    bodyTimeoutMs: httpRequestTimeoutMs ?? DEFAULT_REQUEST_TIMEOUT_MS,
  });
  let isClosed = false;
  const request = async (url: string, init: RequestInit): Promise<Response> => {
    try {
      const response = await requests.fetch(url, init);
      if (response.status < 400) attempts.succeeded();
      else attempts.failed(new HttpStatusError(response.status, null));
      return response;
    } catch (error) {
      if (!isClosed) attempts.failed(error);
      throw error;
    }
  };
  const analytics = new Analytics({
    writeKey,
    flushAt,
    maxRetries,
    flushInterval: SEND_AFTER_MS,
    httpClient: (url, init) => request(String(url), init as RequestInit),
    ...(host === undefined ? {} : { host }),
    ...(path === undefined ? {} : { path }),
    ...(httpRequestTimeoutMs === undefined ? {} : { httpRequestTimeout: httpRequestTimeoutMs }),
  });
  // Each failure also reaches the callback of its event, which reports it.
  analytics.on("error", () => {});
  return {
    reportsAttempts: true,
    url: host ?? DEFAULT_HOST,
    send(message, settle) {
      // A message has a userId, an anonymousId or both, as the library's type asks.
      const params = message as Parameters<typeof analytics.track>[0];
      analytics.track(params, (error) => settleTrack(settle, error));
    },
    // Batches are sent when full, or after `SEND_AFTER_MS`. A flush of the library would not be faster,
    // and one that times out would abort requests in flight.
    flush: async () => {},
    async close(timeoutMs) {
      isClosed = true;
      try {
        await analytics.closeAndFlush({ timeout: Math.min(timeoutMs, MAX_CLOSE_MS) });
      } finally {
        requests.abortAll();
      }
    },
  };
}
