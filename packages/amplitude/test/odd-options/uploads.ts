import { createRequire } from "node:module";
import { vi } from "vitest";

/** What the analytics client uploads in one request. */
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

/** Options by which the analytics client uploads each event at once. */
export const AT_ONCE = { flushIntervalMillis: 5, flushQueueSize: 1, logLevel: 0 };

/** Keeps what the analytics clients of both packages would upload. Returns the end of it. */
export function keepUploads(uploads: Upload[]): () => void {
  const spy = vi.spyOn(Http.prototype, "send").mockImplementation(async (url, payload) => {
    const { client_upload_time: _, events, ...others } = payload;
    uploads.push([url, { ...others, events: structuredClone(events.map(toTens)) }]);
    const body = { eventsIngested: events.length, payloadSizeBytes: 1, serverUploadTime: 1 };
    return { status: "success", statusCode: 200, body };
  });
  return () => spy.mockRestore();
}

/** The vendor's events have the time at which the analytics client begins with them, some ms later. */
function toTens(event: { readonly time?: unknown }): object {
  const { time } = event;
  return typeof time === "number" ? { ...event, time: Math.floor(time / 10) * 10 } : event;
}
