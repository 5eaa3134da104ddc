import {
  HttpBatches,
  kindOfStatus,
  type OwnedSettings,
  type TrackMessage,
  type VendorPlan,
} from "@sortition/core/internal";
import type { OwnedSegment } from "./logger.js";
import { RELEASE } from "./version.js";

/** Maximum size of a batch. The service accepts 500 kB. */
const MAX_BATCH_BYTES = 450_000;
/** Maximum number of events in flight. */
const MAX_IN_FLIGHT = 500;
/** Statuses that Segment's library, unlike our other loggers, retries or does not retry. */
const TEMPORARY: readonly number[] = [410, 460];
const FINAL: readonly number[] = [501, 505, 511];

/** Returns the plan for a logger that sends its own requests to Segment's HTTP interface. */
export function ownedPlan(settings: OwnedSettings<OwnedSegment>): VendorPlan<TrackMessage> {
  const { clock, flushAt, flushIntervalMs, maxRetries, writeKey } = settings;
  const key = JSON.stringify(writeKey);
  const library = { name: RELEASE.name, version: RELEASE.version };
  return {
    maxInFlight: Math.floor(MAX_IN_FLIGHT / flushAt) * flushAt,
    batchSize: flushAt,
    handOverAt: flushAt,
    flushIntervalMs,
    open: () =>
      new HttpBatches({
        url: new URL(settings.path, settings.host).href.replace(/\/$/, ""),
        headers: {
          "content-type": "application/json",
          authorization: `Basic ${Buffer.from(`${writeKey}:`).toString("base64")}`,
        },
        ...{ clock, maxRetries, maxItems: flushAt, maxBytes: MAX_BATCH_BYTES, maxRequests: 10 },
        timeoutMs: settings.httpRequestTimeoutMs,
        encode: ({ context, integrations = {}, ...message }) =>
          JSON.stringify({
            ...message,
            type: "track",
            integrations,
            context: { ...context, library },
          }),
        bodyOf(messages) {
          const sentAt = new Date().toISOString();
          return `{"batch":[${messages.join()}],"writeKey":${key},"sentAt":"${sentAt}"}`;
        },
        kindOf(status) {
          if (TEMPORARY.includes(status)) return "temporary";
          return FINAL.includes(status) ? "final" : kindOfStatus(status);
        },
      }),
  };
}
