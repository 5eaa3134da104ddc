import type { HTTPResponse } from "@segment/analytics-node";
import {
  abortableFetch,
  TrackBatches,
  type TrackInstance,
  type TrackMessage,
  type TrackOutcome,
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

/** A message whose outcome is not known. */
interface Open {
  readonly message: TrackMessage;
  readonly callback: (outcome: TrackOutcome) => void;
}

/** Returns the messages of a request. The library leaves out messages that are too large. */
function messageIdsOf(body: RequestInit["body"]): ReadonlySet<string> {
  try {
    const { batch } = JSON.parse(String(body)) as { readonly batch: readonly TrackMessage[] };
    return new Set(batch.map(({ messageId }) => messageId));
  } catch {
    return new Set(); // in another format, so the library's callbacks decide
  }
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
    /** Messages whose outcome is not known. */
    const open = new Set<Open>();
    const settle = (it: Open, outcomeOf: (it: Open) => TrackOutcome): void => {
      if (open.delete(it)) it.callback(outcomeOf(it));
    };
    /** Why the last request failed; `null` if it succeeded. */
    let failure: RequestFailure | null = null;
    const outcomeOf = ({ message }: Open): TrackOutcome =>
      failure === null ? { kind: "delivered" } : retries.outcomeOf(failure, message);
    const request = async (url: string, init: RequestInit): Promise<HTTPResponse> => {
      try {
        const response = await requests.fetch(url, init);
        failure = failureOf(response);
        // The logger itself waits as long as the headers request.
        return { status: response.status, statusText: response.statusText, headers: {} };
      } catch (error) {
        failure = { error, isTemporary: true };
        throw error;
      } finally {
        // The library calls back up to a second later, too late for the parts of a refused batch at a shutdown.
        const sent = messageIdsOf(init.body);
        for (const it of open) if (sent.has(it.message.messageId)) settle(it, outcomeOf);
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
        const own = { message, callback };
        open.add(own);
        analytics.track(params, (error) => {
          if (error === undefined || error === null) settle(own, () => ({ kind: "delivered" }));
          else if (failure === null) settle(own, () => ({ kind: "failed", error }));
          else settle(own, outcomeOf);
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
