import {
  type BatchDropReason,
  BatchSender,
  type Clock,
  type Diagnostics,
  type SendResult,
  startDeadline,
  textOf,
} from "@sortition/core/internal";
import type { EventTrackingConfig } from "../client/client-config.js";
import type { EventDispatcher, TrackedEvent } from "./event-dispatcher.js";
import type { Requester } from "./requester.js";

const MAX_EVENT_LENGTH = 4_096;
const MAX_CONTEXT_LENGTH = 2_048;
const REQUEST_TIMEOUT_MS = 10_000;
/** The vendor's defaults. */
const DEFAULTS: Record<Exclude<keyof EventTrackingConfig, "enabled">, number> = {
  batchSize: 1_000,
  deliveryIntervalMs: 10_000,
  maxQueueSize: 10_000,
  maxRetries: 3,
  maxRetryDelayMs: 30_000,
  retryIntervalMs: 5_000,
};

/** Why events were lost. */
const LOSSES: Readonly<Record<BatchDropReason, string>> = {
  overflow: "the queue is full",
  "too-large": "the server refused their size",
  refused: "the server refused them",
  closed: "they were not sent before close() ended",
};

export interface TrackedEventsParts {
  readonly sdkKey: string;
  readonly url: string;
  readonly requester: Requester;
  readonly clock: Clock;
  readonly diagnostics: Diagnostics;
}

/** An event in the queue, which is only limited by number. */
interface Item {
  readonly event: TrackedEvent;
  readonly sizeBytes: 0;
}

/** Delivers the events of `EppoClient.track` in batches. They wait in memory. */
export class TrackedEvents implements EventDispatcher {
  readonly #parts: TrackedEventsParts;
  readonly #sender: BatchSender<Item>;
  readonly #context: Record<string, string | number | boolean | null> = {};

  constructor(config: EventTrackingConfig, parts: TrackedEventsParts) {
    const given = Object.entries(config).filter(([, value]) => value !== undefined);
    const limits: typeof DEFAULTS = { ...DEFAULTS, ...Object.fromEntries(given) };
    const { batchSize, maxQueueSize, maxRetries, maxRetryDelayMs, retryIntervalMs } = limits;
    this.#parts = parts;
    this.#sender = new BatchSender(
      {
        queue: { maxItems: maxQueueSize, maxBytes: 0, overflow: "drop-newest" },
        batch: { maxItems: Math.max(100, Math.min(10_000, batchSize)), maxBytes: 0 },
        flushAt: null,
        flushIntervalMs: limits.deliveryIntervalMs,
        tries: maxRetries + 1,
        pauseMs: (failures) => Math.min(retryIntervalMs * 2 ** (failures - 1), maxRetryDelayMs),
        undelivered: "last",
        holdMs: 0,
      },
      {
        clock: parts.clock,
        // In Node.js the signal is an AbortSignal.
        send: (items, signal) => this.#send(items, signal as AbortSignal),
        onEnded: () => {},
        onDropped(reason, events) {
          parts.diagnostics.warn(`tracked events dropped: ${LOSSES[reason]}`, { events });
        },
        onFlushed: () => {},
      },
    );
  }

  /**
   * @throws Error for a value that is not a string, number, boolean or `null`, or if the context
   * becomes too large.
   */
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
    this.#sender.add({ event, sizeBytes: 0 });
  }

  async flush(timeoutMs: number): Promise<void> {
    const deadline = startDeadline(this.#parts.clock, timeoutMs);
    const isDone = (): boolean => this.#sender.waiting + this.#sender.stats.inFlight === 0;
    while (!isDone() && !deadline.signal.aborted) await deadline.limit(this.#sender.send());
    deadline.end();
  }

  /** Like {@link flush}, after which undelivered events are lost. */
  async close(timeoutMs: number): Promise<void> {
    await this.flush(timeoutMs);
    void this.#sender.end();
    this.#parts.requester.release();
  }

  async #send(items: readonly Item[], signal: AbortSignal): Promise<SendResult<Item>> {
    const { diagnostics, requester, sdkKey, url } = this.#parts;
    try {
      const { body, status } = await requester.post(url, {
        headers: { "x-eppo-token": sdkKey },
        body: { eppo_events: items.map(({ event }) => event), context: { ...this.#context } },
        timeoutMs: REQUEST_TIMEOUT_MS,
        signal,
      });
      const ids = status < 200 || status > 299 ? null : failedIn(body);
      const rejected = items.filter(({ event }) => ids === null || ids.has(event.uuid));
      if (rejected.length === 0) return { kind: "delivered" };
      return { kind: "partly", rejected, error: new Error("events were rejected") };
    } catch (error) {
      diagnostics.debug("tracked events not delivered", { error });
      return { kind: "retry", error, retryAfterMs: null };
    }
  }
}

/** Returns the ids that the response lists as failed. Empty if it has no such list. */
function failedIn(body: Uint8Array): ReadonlySet<unknown> {
  const answer: unknown = JSON.parse(textOf(body));
  const isObject = typeof answer === "object" && answer !== null;
  const ids = isObject && "failed_events" in answer ? answer.failed_events : [];
  return new Set(Array.isArray(ids) ? ids : []);
}
