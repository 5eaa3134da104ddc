import { gzipSync } from "node:zlib";
import {
  HttpBatches,
  type OwnedSettings,
  type TrackMessage,
  type VendorPlan,
} from "@sortition/core/internal";
import type { OwnedRudderstack } from "./logger.js";
import { RELEASE } from "./version.js";

/** Maximum size of a batch. The service accepts 500 kB. */
const MAX_BATCH_BYTES = 450_000;
/** Maximum number of concurrent requests, so that latency does not limit the rate. */
const MAX_BATCHES = 50;

/** Returns the plan for a logger that sends its own requests to RudderStack's HTTP interface. */
export function ownedPlan(settings: OwnedSettings<OwnedRudderstack>): VendorPlan<TrackMessage> {
  const { clock, flushAt, flushIntervalMs, gzip, writeKey } = settings;
  const withoutSlash = (text: string): string => text.replace(/\/+$/, "");
  const library = { name: RELEASE.name, version: RELEASE.version };
  return {
    maxInFlight: MAX_BATCHES * flushAt,
    batchSize: flushAt,
    handOverAt: flushAt,
    flushIntervalMs,
    open: () =>
      new HttpBatches({
        url: withoutSlash(settings.dataPlaneUrl) + withoutSlash(settings.path),
        headers: {
          "content-type": "application/json",
          authorization: `Basic ${Buffer.from(`${writeKey}:`).toString("base64")}`,
          ...(gzip ? { "content-encoding": "gzip" } : {}),
        },
        ...{ clock, maxItems: flushAt, maxBytes: MAX_BATCH_BYTES, maxRequests: MAX_BATCHES },
        timeoutMs: settings.requestTimeoutMs,
        encode: ({ context, ...message }) =>
          JSON.stringify({
            ...message,
            type: "track",
            context: { ...context, library },
            channel: "server",
            originalTimestamp: new Date(),
          }),
        bodyOf(messages) {
          const sentAt = `"sentAt":"${new Date().toISOString()}"`;
          const batch = messages.map((it) => `${it.slice(0, -1)},${sentAt}}`);
          const json = `{"batch":[${batch.join()}],${sentAt}}`;
          return gzip ? gzipSync(json) : json;
        },
      }),
  };
}
