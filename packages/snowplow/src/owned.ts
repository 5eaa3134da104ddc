import { setTimeout as wait } from "node:timers/promises";
import {
  type AbortableFetch,
  type Attempts,
  abortableFetch,
  HttpStatusError,
  isTransientStatus,
  mayHaveArrived,
  type Refusal,
  RequestSize,
  retryAfterMs,
  type Settle,
  sendInParts,
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
/** Longest delay of a timer, about 24 days. */
const MAX_DELAY_MS = 2_147_483_647;
const BAD_REQUEST = 400;
const PAYLOAD_TOO_LARGE = 413;
/** Statuses with which the library gives up, although a request with fewer events may be accepted. */
const REFUSALS: readonly number[] = [BAD_REQUEST, 403, 422];
/** Statuses with which no request is accepted. */
const FINAL: readonly number[] = [401, 410];

/** Returns the plan for a tracker that the logger creates from the user's library with the first event. */
export function ownedPlan(settings: SnowplowSettings): VendorPlan<SnowplowMessage> {
  const { bufferSize, flushIntervalMs } = settings;
  return {
    maxInFlight: MAX_IN_FLIGHT,
    handOverAt: bufferSize,
    flushIntervalMs,
    library: "@snowplow/node-tracker",
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
  readonly #eventStore: EventStore;
  readonly #unsettled = new Map<Payload, { readonly message: SnowplowMessage; settle: Settle }>();
  /** Messages that the collector may have, because a request with them got no response. */
  readonly #uncertain = new WeakSet<SnowplowMessage>();
  readonly #requests: AbortableFetch<Request, RequestInit, Response>;
  readonly #tracker: SnowplowTracker;
  readonly #timeoutMs: number;
  /** Why the last request got no response. The library's callback has only the message. */
  #lastError: unknown;
  /** Delay that the last response requested, ms. */
  #askedMs: number | null = null;
  /** The last request of several events, if it was refused. */
  #refusal: Refusal<Payload> | null = null;
  /** Whether the events of the running request are a part of a refused one. */
  #isPart = false;
  #isClosed = false;

  constructor(
    newTracker: typeof import("@snowplow/node-tracker").newTracker,
    settings: SnowplowSettings,
    attempts: Attempts,
  ) {
    const { namespace, appId, encodeBase64, endpoint, connectionTimeoutMs, maxPostBytes } =
      settings;
    this.url = endpoint;
    this.#timeoutMs = connectionTimeoutMs;
    this.#eventStore = new EventStore(this.#requestSize, maxPostBytes);
    this.#attempts = attempts;
    this.#requests = abortableFetch((input: Request, init: RequestInit) => fetch(input, init), {
      read: (response) => response.clone().arrayBuffer(),
      bodyTimeoutMs: connectionTimeoutMs,
    });
    this.#tracker = newTracker(
      { namespace, appId, encodeBase64 },
      {
        endpoint,
        // Quirk: the library prints to the console when it gives up on a request itself, when a request times out, and when an
        // event is larger than a request should be. So the logger does all of that.
        connectionTimeout: MAX_DELAY_MS,
        maxPostBytes: Number.MAX_SAFE_INTEGER,
        retryStatusCodes: [...REFUSALS, ...FINAL],
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
    this.#unsettled.set(track(this.#tracker, message), { message, settle });
  }

  abandon(message: SnowplowMessage): boolean {
    return this.#uncertain.has(message);
  }

  async flush(): Promise<void> {
    for (;;) {
      const refusal = await this.#request();
      if (refusal === null || this.#isClosed) return;
      const { limit } = this.#requestSize;
      if (mayLimitSize(refusal.status)) this.#requestSize.refused(refusal.items.length);
      await sendInParts(refusal, {
        send: (part) => this.#sendPart(part),
        refused: (refused, isAlone) => {
          if (!isAlone) this.#requestSize.restore(limit);
          this.#drop(refused, isAlone);
        },
      });
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#requests.abortAll();
  }

  /** Sends stored events until a request fails. Returns the refusal, if that is why. */
  async #request(): Promise<Refusal<Payload> | null> {
    this.#refusal = null;
    await this.#tracker.flush();
    await wait(0); // the library calls back from a timer
    return this.#refusal;
  }

  async #sendPart(part: readonly Payload[]): Promise<Refusal<Payload> | null> {
    if (this.#isClosed) return null;
    this.#isPart = true;
    this.#eventStore.restrictTo(part);
    const refusal = await this.#request();
    this.#eventStore.restrictTo(null);
    this.#isPart = false;
    return refusal;
  }

  async #fetch(input: Request, init?: RequestInit): Promise<Response> {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), this.#timeoutMs);
    const sent = this.#eventStore.taken.flatMap((it) => this.#unsettled.get(it)?.message ?? []);
    const certain = sent.filter((it) => !this.#uncertain.has(it));
    for (const it of sent) this.#uncertain.add(it);
    const notTaken = (): void => {
      for (const it of certain) this.#uncertain.delete(it);
    };
    try {
      const response = await this.#requests.fetch(input, { ...init, signal: controller.signal });
      const [retryAfter, date] = [
        response.headers.get("retry-after"),
        response.headers.get("date"),
      ];
      this.#askedMs = retryAfterMs({ retryAfter, date, nowMs: Date.now() });
      if (!response.ok) notTaken();
      return response;
    } catch (error) {
      this.#lastError = error;
      if (!mayHaveArrived(error)) notTaken();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  #succeeded(payloads: readonly Payload[]): void {
    this.#attempts.succeeded();
    this.#requestSize.accepted(payloads.length);
    for (const payload of payloads) this.#take(payload)?.delivered();
  }

  #failed({ events, status, message, willRetry }: RequestFailure): void {
    if (this.#isClosed) return;
    const isFinal = !willRetry || FINAL.includes(status ?? 0);
    if (!isFinal && status !== undefined && !isTransientStatus(status)) {
      const refusal = { items: events, status, error: new HttpStatusError(status, null) };
      if (events.length > 1 || this.#isPart) this.#refusal = refusal;
      else this.#drop(refusal, true);
      return;
    }
    const noAnswer = this.#lastError ?? new Error(message);
    this.#lastError = undefined;
    const askedMs = status === undefined ? null : this.#askedMs;
    const error = status === undefined ? noAnswer : new HttpStatusError(status, askedMs);
    this.#attempts.failed(error);
    for (const payload of events) {
      if (isFinal) {
        this.#eventStore.remove(payload);
        this.#take(payload)?.failed(new Error(`[${status}] ${message}`));
      }
    }
    if (!isFinal && askedMs !== null) this.#returnAll(error);
  }

  /** Gives all events back to the logger, which waits for the requested time. */
  #returnAll(error: unknown): void {
    for (const payload of [...this.#unsettled.keys()]) {
      if (!this.#eventStore.has(payload)) continue;
      this.#eventStore.remove(payload);
      this.#take(payload)?.retry(error);
    }
  }

  #drop({ error, items, status }: Refusal<Payload>, isAlone: boolean): void {
    if (isAlone && mayLimitSize(status)) this.#requestSize.dropped();
    const reason = status === PAYLOAD_TOO_LARGE ? "too-large" : "refused";
    for (const payload of items) {
      this.#eventStore.remove(payload);
      this.#take(payload)?.refused(reason, error, isAlone);
    }
  }

  #take(payload: Payload): Settle | undefined {
    const taken = this.#unsettled.get(payload);
    this.#unsettled.delete(payload);
    return taken?.settle;
  }
}

/** Whether a collector may use this status for a request that has too many events or bytes. */
function mayLimitSize(status: number): boolean {
  return status === BAD_REQUEST || status === PAYLOAD_TOO_LARGE;
}
