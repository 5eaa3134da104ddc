import {
  abortableFetch,
  settleTrack,
  type TrackMessage,
  type Vendor,
  type VendorPlan,
} from "@sortition/core/logger";

/** Settings of an instance that the logger makes. */
export interface SegmentSettings {
  readonly writeKey: string;
  readonly host?: string | undefined;
  readonly path?: string | undefined;
  readonly maxRetries?: number | undefined;
  readonly httpRequestTimeoutMs?: number | undefined;
  readonly flushAt: number;
  readonly flushIntervalMs: number;
}

/** The logger decides when a batch is complete; the library only gets this long to notice. */
const SEND_AFTER_MS = 100;
const MAX_CLOSE_MS = 10_000;

/** An instance that the logger makes with the first event, out of the library that the user installed. */
export function ownedPlan(settings: SegmentSettings): VendorPlan<TrackMessage> {
  const { flushAt, flushIntervalMs } = settings;
  return {
    owned: true,
    maxInFlight: 500,
    handOverAt: flushAt,
    flushIntervalMs,
    open: () => createVendor(settings),
  };
}

async function createVendor(settings: SegmentSettings): Promise<Vendor<TrackMessage>> {
  const { writeKey, host, path, maxRetries, flushAt, httpRequestTimeoutMs } = settings;
  const { Analytics } = await import("@segment/analytics-node");
  const requests = abortableFetch((url: string, init: RequestInit) => fetch(url, init));
  const analytics = new Analytics({
    writeKey,
    flushAt,
    flushInterval: SEND_AFTER_MS,
    httpClient: (url, init) => requests.fetch(String(url), init as RequestInit),
    ...(host === undefined ? {} : { host }),
    ...(path === undefined ? {} : { path }),
    ...(maxRetries === undefined ? {} : { maxRetries }),
    ...(httpRequestTimeoutMs === undefined ? {} : { httpRequestTimeout: httpRequestTimeoutMs }),
  });
  // Each failure also reaches the callback of its event, which reports it.
  analytics.on("error", () => {});
  return {
    send(message, settle) {
      // A message has a userId, an anonymousId or both, as the library's type asks.
      const params = message as Parameters<typeof analytics.track>[0];
      analytics.track(params, (error) => settleTrack(settle, error));
    },
    // Batches go when they are full or after a moment. A flush of the library would not be faster,
    // and one that times out would abort what is on its way.
    flush: async () => {},
    async close(timeoutMs) {
      await analytics.closeAndFlush({ timeout: Math.min(timeoutMs, MAX_CLOSE_MS) });
      requests.abortAll();
    },
  };
}
