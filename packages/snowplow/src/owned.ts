import { abortableFetch, type Settle, type Vendor, type VendorPlan } from "@sortition/core/logger";
import { EventStore } from "./event-store.js";
import type { SnowplowMessage } from "./message.js";
import type { Payload } from "./payload.js";
import { track } from "./track.js";

/** Settings of a tracker that the logger makes. */
export interface SnowplowSettings {
  readonly endpoint: string;
  readonly appId: string;
  readonly namespace: string;
  readonly encodeBase64: boolean;
  readonly connectionTimeoutMs: number;
  readonly maxPostBytes: number;
  readonly bufferSize: number;
  readonly flushIntervalMs: number;
}

const MAX_IN_FLIGHT = 500;

/** A tracker that the logger makes with the first event, out of the library that the user installed. */
export function ownedPlan(settings: SnowplowSettings): VendorPlan<SnowplowMessage> {
  const { bufferSize, flushIntervalMs } = settings;
  return {
    owned: true,
    maxInFlight: MAX_IN_FLIGHT,
    handOverAt: bufferSize,
    flushIntervalMs,
    open: () => createVendor(settings),
  };
}

async function createVendor(settings: SnowplowSettings): Promise<Vendor<SnowplowMessage>> {
  const { namespace, appId, encodeBase64, endpoint, connectionTimeoutMs, maxPostBytes } = settings;
  const { newTracker } = await import("@snowplow/node-tracker");
  const requests = abortableFetch((input: Request, init: RequestInit) => fetch(input, init));
  const eventStore = new EventStore();
  const unsettled = new Map<Payload, Settle>();
  const take = (payload: Payload): Settle | undefined => {
    const settle = unsettled.get(payload);
    unsettled.delete(payload);
    return settle;
  };
  const tracker = newTracker(
    { namespace, appId, encodeBase64 },
    {
      endpoint,
      connectionTimeout: connectionTimeoutMs,
      maxPostBytes,
      eventStore,
      // The logger asks for each request, and again after one that failed: the library has no timer.
      bufferSize: Number.MAX_SAFE_INTEGER,
      customFetch: (input, init) => requests.fetch(input, init),
      onRequestSuccess: (payloads) => {
        for (const payload of payloads) take(payload)?.delivered();
      },
      onRequestFailure: ({ events, willRetry, status, message }) => {
        for (const payload of events) {
          if (!willRetry) take(payload)?.failed(new Error(`[${status}] ${message}`));
          // Quirk: one that is too large for a request of several is sent past the store, and once.
          else if (!eventStore.has(payload)) void eventStore.add({ payload });
        }
      },
    },
  );
  return {
    send: (message, settle) => void unsettled.set(track(tracker, message), settle),
    flush: () => tracker.flush(),
    close: () => requests.abortAll(),
  };
}
