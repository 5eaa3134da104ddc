import { createRequire } from "node:module";
import { vi } from "vitest";

/** One upload request of the analytics client. */
export type Upload = readonly [serverUrl: unknown, payload: unknown];

interface Transport {
  send(
    serverUrl: unknown,
    payload: { readonly events: readonly object[]; readonly client_upload_time?: unknown },
  ): Promise<object>;
}

const require = createRequire(import.meta.url);
const { Http } = require("@amplitude/analytics-node/lib/cjs/transports/http.js") as {
  readonly Http: { readonly prototype: Transport };
};

/** Options with which the analytics client uploads each event immediately. */
export const AT_ONCE = { flushIntervalMillis: 5, flushQueueSize: 1, logLevel: 0 };

/**
 * Collects what the analytics clients of both packages would upload. Returns a function that ends
 * this.
 */
export function keepUploads(uploads: Upload[]): () => void {
  const spy = vi.spyOn(Http.prototype, "send").mockImplementation(async (url, payload) => {
    const { client_upload_time: _, events, ...others } = payload;
    uploads.push([url, { ...others, events: structuredClone(events.map(toTens)) }]);
    const body = { eventsIngested: events.length, payloadSizeBytes: 1, serverUploadTime: 1 };
    return { status: "success", statusCode: 200, body };
  });
  return () => spy.mockRestore();
}

/**
 * Rounds times, because the vendor's events have the time at which the analytics client processes
 * them, some ms later.
 */
function toTens(event: { readonly time?: unknown }): object {
  const { time } = event;
  return typeof time === "number" ? { ...event, time: Math.floor(time / 10) * 10 } : event;
}
