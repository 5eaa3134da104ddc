import {
  HttpBatches,
  kindOfStatus,
  type OwnedSettings,
  type VendorPlan,
} from "@sortition/core/internal";
import type { OwnedSnowplow } from "./logger.js";
import type { SnowplowMessage } from "./message.js";
import { EventPayload } from "./payload.js";
import { RELEASE } from "./version.js";

const MAX_IN_FLIGHT = 500;
/** Bytes of a request without its events. */
const ENVELOPE_BYTES = 88;
const CONTEXTS = "iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-0";
const PAYLOADS = "iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4";
/** End of the JSON of an event, in which the time of the request has this many digits. */
const SENT_AT = '0000000000000"}';
/** Statuses with which no request is accepted. */
const FINAL: readonly number[] = [401, 410];

/** Returns the plan for a logger that sends its own requests to the collector. */
export function ownedPlan(settings: OwnedSettings<OwnedSnowplow>): VendorPlan<SnowplowMessage> {
  const { bufferSize, clock, endpoint, flushIntervalMs } = settings;
  const origin = endpoint.includes("://") ? endpoint : `https://${endpoint}`;
  return {
    maxInFlight: MAX_IN_FLIGHT,
    handOverAt: bufferSize,
    flushIntervalMs,
    open: () =>
      new HttpBatches({
        url: `${origin}/com.snowplowanalytics.snowplow/tp2`,
        headers: { "content-type": "application/json; charset=UTF-8" },
        // One at a time, because a cut connection leaves all events of its request uncertain, which are then sent twice.
        ...{ clock, maxItems: MAX_IN_FLIGHT, maxRequests: 1 },
        timeoutMs: settings.connectionTimeoutMs,
        maxBytes: settings.maxPostBytes - ENVELOPE_BYTES,
        encode: (message) =>
          `${JSON.stringify(pairsOf(message, settings)).slice(0, -1)},"stm":"${SENT_AT}`,
        bodyOf(messages) {
          const sentAt = `${Date.now()}"}`;
          const data = messages.map((it) => it.slice(0, -SENT_AT.length) + sentAt);
          return `{"schema":"${PAYLOADS}","data":[${data.join()}]}`;
        },
        kindOf(status) {
          if (FINAL.includes(status)) return "final";
          return kindOfStatus(status) === "temporary" ? "temporary" : "refused";
        },
      }),
  };
}

/** Returns the pairs that a tracker would send, as strings. */
function pairsOf(
  { contexts, event, eventId, timeMs, userId }: SnowplowMessage,
  { appId, encodeBase64, namespace }: OwnedSettings<OwnedSnowplow>,
): Record<string, string> {
  const payload = new EventPayload(event, { eid: eventId, uid: userId });
  payload.addDict({
    ...{ p: "srv", tv: `sortition-${RELEASE.version}`, tna: namespace, aid: appId, ttm: timeMs },
  });
  if (contexts.length > 0) payload.addJson("cx", "co", { schema: CONTEXTS, data: contexts });
  for (const { json, keyIfEncoded, keyIfNotEncoded } of payload.getJson()) {
    const text = JSON.stringify(json);
    if (encodeBase64) payload.add(keyIfEncoded, Buffer.from(text).toString("base64url"));
    else payload.add(keyIfNotEncoded, text);
  }
  const pairs = Object.entries(payload.getPayload());
  return Object.fromEntries(pairs.map(([key, value]) => [key, String(value)]));
}
