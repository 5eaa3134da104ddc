import { Counts, createClock, holdProcess, serverOf, withDeadline } from "@sortition/core/internal";
import type { Reports } from "../messages/reports.js";
import { currentFetch, isFetchReplaced } from "../source/polyfills.js";
import { RELEASE } from "../version.js";
import type { EventPayload } from "./event-payload.js";

/** Event counters. Each accepted event is counted in exactly one of the other members. */
export interface TrackingCounters {
  readonly accepted: number;
  readonly delivered: number;
  /** The request failed or was rejected, timed out, or the event could not be serialized. */
  readonly failed: number;
  /** Dropped because the queue was full. */
  readonly dropped: number;
  readonly queued: number;
  readonly inFlight: number;
}

export interface IngestOptions {
  readonly endpoint: string;
  /** Host of the endpoint, as the user wrote it. */
  readonly host: string;
  readonly flushIntervalMs: number;
  readonly reports: Reports;
}

const MAX_QUEUED = 10_000;
const REQUEST_TIMEOUT_MS = 10_000;
/** How long the last events keep an otherwise finished process alive. */
const HOLD_AFTER_CLOSE_MS = 400;
const MAX_BODY_BYTES = 1_048_576;
/** Browsers' `fetch` rejects larger requests with `keepalive`. */
const MAX_KEEPALIVE_BYTES = 60_000;

const HEADERS = { Accept: "application/json", "Content-Type": "text/plain" };

/** Headers that Node's `fetch`, which the vendor uses, adds. */
const SENT_BY_FETCH = {
  "accept-language": "*",
  "sec-fetch-mode": "cors",
  "user-agent": `sortition-growthbook/${RELEASE.version}`,
  "accept-encoding": "gzip, deflate",
};

/** Collects events for an interval and sends them in one request. */
export class IngestQueue {
  readonly #options: IngestOptions;
  #events: EventPayload[] = [];
  #timer: NodeJS.Timeout | null = null;
  #flushed: Promise<void> | null = null;
  #onFlushed: (() => void) | null = null;
  #isClosed = false;
  /** Functions that shorten the time for which a request in progress keeps Node.js alive. */
  readonly #shortenings = new Set<() => void>();
  readonly #counts = new Counts<"failed" | "overflow">(["failed", "overflow"]);

  constructor(options: IngestOptions) {
    this.#options = options;
  }

  get counters(): TrackingCounters {
    const { accepted, delivered, failed, lost, waiting } = this.#counts;
    const queued = this.#events.length;
    const inFlight = waiting - queued;
    return { accepted, delivered, failed, dropped: lost - failed, queued, inFlight };
  }

  /** Queues an event. Resolves when its request has ended. */
  async add(event: EventPayload): Promise<void> {
    this.#counts.accepted += 1;
    if (this.#events.length >= MAX_QUEUED) {
      this.#counts.lose("overflow", false);
      this.#options.reports.warn("events dropped: the queue is full", { limit: MAX_QUEUED });
      return;
    }
    this.#events.push(event);
    this.#flushed ??= new Promise((resolve) => {
      this.#onFlushed = resolve;
      // Keeps Node.js alive, or a short program would lose its last events.
      this.#timer = setTimeout(() => void this.flush(), this.#options.flushIntervalMs);
    });
    await this.#flushed;
  }

  /** Sends the queued events. Never rejects. */
  async flush(): Promise<void> {
    const events = this.#events;
    const onFlushed = this.#onFlushed;
    this.#events = [];
    this.#onFlushed = null;
    this.#flushed = null;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const texts = this.#textsOf(events);
    if (texts.length > 0) await this.#send(texts);
    onFlushed?.();
  }

  /** Sends the queued events. After this call, a hanging request keeps Node.js alive only briefly. */
  close(): void {
    this.#isClosed = true;
    for (const shorten of this.#shortenings) shorten();
    void this.flush();
  }

  /** Serializes each event separately, so that one that fails is the only one lost. */
  #textsOf(events: readonly EventPayload[]): readonly string[] {
    return events.flatMap((event) => {
      try {
        return JSON.stringify(event);
      } catch (cause) {
        this.#counts.lose("failed", true);
        this.#options.reports.error("event lost: it cannot be serialized to JSON", cause);
        return [];
      }
    });
  }

  /** @param events - JSON strings. */
  async #send(events: readonly string[]): Promise<void> {
    // The request itself does not keep Node.js alive.
    const clock = createClock();
    let release = holdProcess(clock, this.#isClosed ? HOLD_AFTER_CLOSE_MS : REQUEST_TIMEOUT_MS);
    const shorten = (): void => {
      release();
      release = holdProcess(clock, HOLD_AFTER_CLOSE_MS);
    };
    this.#shortenings.add(shorten);
    try {
      await this.#post(`[${events.join()}]`);
      this.#counts.delivered += events.length;
    } catch (cause) {
      this.#counts.lose("failed", true, events.length);
      const { host, reports } = this.#options;
      const wayOut = "are ingestorHost and clientKey right?";
      reports.error(`events not delivered to ${serverOf(host)}: ${wayOut}`, cause);
    } finally {
      this.#shortenings.delete(shorten);
      release();
    }
  }

  async #post(body: string): Promise<void> {
    const { endpoint } = this.#options;
    const post = isFetchReplaced() ? postByFetch : postByTransport;
    const limit = { clock: createClock(), timeoutMs: REQUEST_TIMEOUT_MS };
    // Core's signals have the platform's type at run time.
    const { status } = await withDeadline(limit, (it) => post(endpoint, body, it as AbortSignal));
    if (status < 200 || status > 299) throw new Error(`HTTP error: ${status}`);
  }
}

type Post = (
  endpoint: string,
  body: string,
  signal: AbortSignal,
) => Promise<{ readonly status: number }>;

const postByFetch: Post = (endpoint, body, signal) =>
  currentFetch()(endpoint, {
    method: "POST",
    body,
    headers: HEADERS,
    credentials: "omit",
    keepalive: Buffer.byteLength(body) < MAX_KEEPALIVE_BYTES,
    signal,
  });

const postByTransport: Post = async (endpoint, body, signal) => {
  const { HttpTransport } = await import("@sortition/node/internal");
  const transport = new HttpTransport();
  try {
    return await transport.request({
      url: new URL(endpoint),
      method: "POST",
      headers: { ...SENT_BY_FETCH, ...HEADERS },
      body,
      maxBodyBytes: MAX_BODY_BYTES,
      signal,
    });
  } finally {
    transport.release();
  }
};
