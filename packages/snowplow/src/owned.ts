import { setTimeout as wait } from "node:timers/promises";
import {
  type AbortableFetch,
  type Attempts,
  abortableFetch,
  HttpStatusError,
  RequestSize,
  type Settle,
  type Vendor,
  type VendorPlan,
} from "@sortition/core/internal";
import { EventStore } from "./event-store.js";
import type { SnowplowMessage } from "./message.js";
import type { Payload } from "./payload.js";
import { type SnowplowTracker, track } from "./track.js";

/** Settings of the tracker that the logger creates. */
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
const PAYLOAD_TOO_LARGE = 413;
/** Request time-out and too many requests. */
const TRANSIENT_STATUSES: readonly number[] = [408, 429];

/** Returns the plan for a tracker that the logger creates from the user's library with the first event. */
export function ownedPlan(settings: SnowplowSettings): VendorPlan<SnowplowMessage> {
  const { bufferSize, flushIntervalMs } = settings;
  return {
    maxInFlight: MAX_IN_FLIGHT,
    handOverAt: bufferSize,
    flushIntervalMs,
    open: (attempts) => createVendor(settings, attempts),
  };
}

async function createVendor(
  settings: SnowplowSettings,
  attempts: Attempts,
): Promise<Vendor<SnowplowMessage>> {
  const { newTracker } = await import("@snowplow/node-tracker");
  return new OwnedVendor(newTracker, settings, attempts);
}

/** Arguments of the callback for a request that failed. */
interface RequestFailure {
  readonly events: readonly Payload[];
  /** Absent if there was no response. */
  readonly status?: number;
  readonly message?: string;
  readonly willRetry: boolean;
}

class OwnedVendor implements Vendor<SnowplowMessage> {
  readonly reportsAttempts = true;
  readonly url: string;
  readonly #attempts: Attempts;
  readonly #requestSize = new RequestSize();
  readonly #eventStore = new EventStore(this.#requestSize);
  readonly #unsettled = new Map<Payload, Settle>();
  readonly #requests: AbortableFetch<Request, RequestInit, Response>;
  readonly #tracker: SnowplowTracker;
  /** Why the last request got no response. The library's callback has only the message. */
  #lastError: unknown;
  /** Set if a request was refused, because the next, smaller one may succeed immediately. */
  #mustFlushAgain = false;
  #isClosed = false;

  constructor(
    newTracker: typeof import("@snowplow/node-tracker").newTracker,
    settings: SnowplowSettings,
    attempts: Attempts,
  ) {
    const { namespace, appId, encodeBase64, endpoint, connectionTimeoutMs, maxPostBytes } =
      settings;
    this.url = endpoint;
    this.#attempts = attempts;
    this.#requests = abortableFetch((input: Request, init: RequestInit) => fetch(input, init), {
      read: (response) => response.clone().arrayBuffer(),
      bodyTimeoutMs: connectionTimeoutMs,
    });
    this.#tracker = newTracker(
      { namespace, appId, encodeBase64 },
      {
        endpoint,
        connectionTimeout: connectionTimeoutMs,
        maxPostBytes,
        eventStore: this.#eventStore,
        // The logger triggers each request, including the ones after a failure, because the library
        // has no timer.
        bufferSize: Number.MAX_SAFE_INTEGER,
        customFetch: (input, init) => this.#fetch(input, init),
        onRequestSuccess: (payloads) => this.#succeeded(payloads),
        onRequestFailure: (failure) => this.#failed(failure),
      },
    );
  }

  send(message: SnowplowMessage, settle: Settle): void {
    this.#unsettled.set(track(this.#tracker, message), settle);
  }

  async flush(): Promise<void> {
    do {
      this.#mustFlushAgain = false;
      await this.#tracker.flush();
      await wait(0); // the library calls back from a timer
    } while (this.#mustFlushAgain && !this.#isClosed);
  }

  close(): void {
    this.#isClosed = true;
    this.#requests.abortAll();
  }

  async #fetch(input: Request, init?: RequestInit): Promise<Response> {
    try {
      return await this.#requests.fetch(input, init);
    } catch (error) {
      this.#lastError = error;
      throw error;
    }
  }

  #succeeded(payloads: readonly Payload[]): void {
    this.#attempts.succeeded();
    this.#requestSize.accepted(payloads.length);
    for (const payload of payloads) this.#take(payload)?.delivered();
  }

  #failed({ events, status, message, willRetry }: RequestFailure): void {
    if (this.#isClosed) return;
    if (willRetry && status !== undefined && isRefusal(status)) {
      this.#refused(events, status);
      return;
    }
    const noAnswer = this.#lastError ?? new Error(message);
    this.#lastError = undefined;
    this.#attempts.failed(status === undefined ? noAnswer : new HttpStatusError(status, null));
    for (const payload of events) {
      if (!willRetry) this.#take(payload)?.failed(new Error(`[${status}] ${message}`));
      // Quirk: an event that is too large for a shared request is sent once, without being stored.
      else if (!this.#eventStore.has(payload)) void this.#eventStore.add({ payload });
    }
  }

  /** Quirk: the library would repeat the same request, and never send later events. */
  #refused(events: readonly Payload[], status: number): void {
    this.#mustFlushAgain = true;
    const [only] = events;
    if (events.length > 1 || only === undefined) {
      this.#requestSize.refused(events.length);
      return;
    }
    this.#requestSize.dropped();
    this.#eventStore.remove(only);
    const reason = status === PAYLOAD_TOO_LARGE ? "too-large" : "refused";
    this.#take(only)?.refused(reason, new HttpStatusError(status, null));
  }

  #take(payload: Payload): Settle | undefined {
    const settle = this.#unsettled.get(payload);
    this.#unsettled.delete(payload);
    return settle;
  }
}

/** Whether the status means that repeating the request is pointless. */
function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && !TRANSIENT_STATUSES.includes(status);
}
