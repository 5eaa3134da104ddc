import { type Clock, type Diagnostics, pause, startDeadline } from "@sortition/core/source";
import type { EventTrackingConfig } from "../client/client-config.js";
import type { Poster } from "../http/poster.js";
import type { EventDispatcher, TrackedEvent } from "./event-dispatcher.js";

const MAX_EVENT_LENGTH = 4_096;
const MAX_CONTEXT_LENGTH = 2_048;
const REQUEST_TIMEOUT_MS = 10_000;
/** As the vendor's. */
const DEFAULTS: Required<Omit<EventTrackingConfig, "enabled">> = {
  batchSize: 1_000,
  deliveryIntervalMs: 10_000,
  maxQueueSize: 10_000,
  maxRetries: 3,
  maxRetryDelayMs: 30_000,
  retryIntervalMs: 5_000,
};

/** What an {@link EventBatcher} works with. */
export interface EventBatcherParts {
  readonly sdkKey: string;
  readonly url: string;
  readonly poster: Poster;
  readonly clock: Clock;
  readonly diagnostics: Diagnostics;
}

/** Delivers the events of `EppoClient.track` in batches. They wait in memory. */
export class EventBatcher implements EventDispatcher {
  readonly #parts: EventBatcherParts;
  readonly #limits: typeof DEFAULTS;
  readonly #batchSize: number;
  readonly #context: Record<string, string | number | boolean | null> = {};
  readonly #end = new AbortController();
  #queue: TrackedEvent[] = [];
  #cancelTimer: (() => void) | null = null;
  #delivery: Promise<void> | null = null;

  constructor(config: EventTrackingConfig, parts: EventBatcherParts) {
    const given = Object.entries(config).filter(([, value]) => value !== undefined);
    this.#limits = { ...DEFAULTS, ...Object.fromEntries(given) };
    this.#batchSize = Math.max(100, Math.min(10_000, this.#limits.batchSize));
    this.#parts = parts;
  }

  /** @throws Error for a value that is not a string, number, boolean or `null`, or too much of them. */
  attachContext(key: string, value: string | number | boolean | null): void {
    if (typeof value === "object" && value !== null) {
      throw new Error("Context value must be a string, number, boolean, or null");
    }
    const context = { ...this.#context, [key]: value };
    if (JSON.stringify(context).length > MAX_CONTEXT_LENGTH) {
      throw new Error(`The total context size must be less than ${MAX_CONTEXT_LENGTH} characters`);
    }
    this.#context[key] = value;
  }

  /** @throws Error for an event that is too large. */
  dispatch(event: TrackedEvent): void {
    if (JSON.stringify(event).length > MAX_EVENT_LENGTH) {
      throw new Error(
        `Event serialized length exceeds maximum allowed length of ${MAX_EVENT_LENGTH}`,
      );
    }
    this.#enqueue([event]);
    this.#schedule();
  }

  /** Delivers what waits, within the deadline. */
  async flush(timeoutMs: number): Promise<void> {
    const deadline = startDeadline(this.#parts.clock, timeoutMs);
    while ((this.#queue.length > 0 || this.#delivery !== null) && !deadline.signal.aborted) {
      await deadline.limit(this.#deliver());
    }
    deadline.end();
  }

  /** {@link flush}; what is not delivered then is lost. */
  async close(timeoutMs: number): Promise<void> {
    await this.flush(timeoutMs);
    this.#cancelTimer?.();
    this.#end.abort();
    this.#parts.poster.release();
  }

  #enqueue(events: readonly TrackedEvent[]): void {
    const room = Math.max(0, this.#limits.maxQueueSize - this.#queue.length);
    this.#queue.push(...events.slice(0, room));
    const dropped = events.length - room;
    if (dropped > 0)
      this.#parts.diagnostics.warn("tracked events dropped: the queue is full", {
        events: dropped,
      });
  }

  #schedule(): void {
    if (this.#cancelTimer !== null || this.#queue.length === 0 || this.#end.signal.aborted) return;
    const deliver = (): void => void this.#deliver();
    const { deliveryIntervalMs } = this.#limits;
    this.#cancelTimer = this.#parts.clock.setTimer(deliver, deliveryIntervalMs, {
      holdsProcess: false,
    });
  }

  /** Starts a delivery, or joins the one in progress. */
  #deliver(): Promise<void> {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#delivery ??= this.#deliverBatch().finally(() => {
      this.#delivery = null;
      this.#schedule();
    });
    return this.#delivery;
  }

  async #deliverBatch(): Promise<void> {
    const batch = this.#queue.slice(0, this.#batchSize);
    this.#queue = this.#queue.slice(this.#batchSize);
    if (batch.length === 0) return;
    const { maxRetries, maxRetryDelayMs, retryIntervalMs } = this.#limits;
    const context = { ...this.#context };
    let failed = await this.#send(batch, context);
    for (let attempt = 0; failed.length > 0 && attempt < maxRetries; attempt++) {
      const delayMs = Math.min(retryIntervalMs * 2 ** attempt, maxRetryDelayMs);
      await pause(this.#parts.clock, delayMs, { holdsProcess: false });
      failed = await this.#send(failed, context);
    }
    this.#enqueue(failed);
  }

  /** Returns the events that were not taken. */
  async #send(batch: readonly TrackedEvent[], context: object): Promise<readonly TrackedEvent[]> {
    const { poster, sdkKey, url } = this.#parts;
    try {
      const { body, status } = await poster.post(url, {
        headers: { "x-eppo-token": sdkKey },
        body: { eppo_events: batch, context },
        timeoutMs: REQUEST_TIMEOUT_MS,
        signal: this.#end.signal,
      });
      if (status < 200 || status > 299) return batch;
      const failed = failedIn(body);
      return batch.filter(({ uuid }) => failed.has(uuid));
    } catch (error) {
      this.#parts.diagnostics.debug("tracked events not delivered", { error });
      return batch;
    }
  }
}

/** The ids that the answer names; none if it has no such list. */
function failedIn(body: Uint8Array): ReadonlySet<unknown> {
  const answer: unknown = JSON.parse(new TextDecoder().decode(body));
  const isObject = typeof answer === "object" && answer !== null;
  const ids = isObject && "failed_events" in answer ? answer.failed_events : [];
  return new Set(Array.isArray(ids) ? ids : []);
}
