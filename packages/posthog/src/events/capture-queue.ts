import { HttpStatusError } from "@sortition/core";
import {
  BatchSender,
  type Clock,
  Counts,
  type Diagnostics,
  holdProcess,
  limitDiagnostics,
  messageOf,
  OutageReporter,
  type SendResult,
} from "@sortition/core/internal";
import { createShutdownController } from "../http/closing.js";
import type { Requester } from "../http/requester.js";
import { BatchBodies } from "./batch-body.js";
import type { CaptureClientOptions } from "./capture-client-options.js";
import type { Emitter } from "./emitter.js";
import type { CapturedEvent } from "./event.js";
import { checkAccepted, verdictOn } from "./verdict.js";

export interface CaptureSettings {
  /** Origin of the server, without a trailing slash. */
  readonly host: string;
  readonly projectToken: string;
  /** Number of waiting events that triggers a request. */
  readonly flushAt: number;
  /** Time after which fewer events are sent. If 0, they are not sent automatically. */
  readonly flushIntervalMs: number;
  /** Maximum number of events per request. Halved after a 413. */
  readonly maxBatchSize: number;
  readonly maxQueueSize: number;
  /** Maximum estimated size of the waiting events. */
  readonly maxQueueBytes: number;
  /** Number of retries of a request. */
  readonly retries: number;
  readonly retryDelayMs: number;
  readonly requestTimeoutMs: number;
  readonly isCompressed: boolean;
  readonly isHistorical: boolean;
  /** If `false`, events are accepted and dropped. */
  readonly isSent: boolean;
  readonly userAgent: string;
}

export interface CapturePorts {
  readonly clock: Clock;
  readonly diagnostics: Diagnostics;
  readonly request: Requester;
  readonly emitter: Emitter;
  /** `onError` is called when a request could not deliver events, whether or not they are kept. */
  readonly options: Pick<CaptureClientOptions, "onError">;
}

/** Why an event was not sent. `failed` means that it could not be created, and diagnostics contain the cause. */
export type CaptureDropReason =
  | "overflow"
  | "too-large"
  | "refused"
  | "closed"
  | "not-sent"
  | "failed";

const REASONS: readonly CaptureDropReason[] = [
  ...(["overflow", "too-large", "refused", "closed", "not-sent", "failed"] as const),
];

/** Event counters. accepted = delivered + all of `dropped` + queued + in flight. */
export interface CaptureStats {
  readonly accepted: number;
  readonly delivered: number;
  readonly dropped: Readonly<Record<CaptureDropReason, number>>;
  readonly queued: number;
  /** Estimated size of the waiting events. */
  readonly queuedBytes: number;
  readonly inFlight: number;
  /** Whether the last request failed. */
  readonly failing: boolean;
}

interface Item {
  /** The event as JSON, which takes less memory than objects and is written only once. */
  readonly text: string;
  readonly sizeBytes: number;
}

/** Estimated size of an item without its text, and of a UTF-16 code unit. */
const ITEM_BYTES = 200;
const BYTES_PER_UNIT = 2;

/** Maximum estimated size of a request before compression, because a larger one would block the event loop. */
const MAX_BATCH_BYTES = 4 * 1024 * 1024;
const REUSED =
  "the client is used after shutdown(): it still sends events, but does not poll for flag definitions any more; await flush() per request, and call shutdown() once, before the process exits";
/** Longer than all tries of a request, with a minute of `Retry-After` between two of them. */
const MAX_HOLD_MS = 10 * 60_000;

/**
 * Sends events in batches, one request at a time, in the order in which they were added. If a request fails, its events
 * stay at the head of the queue until the next flush. An event that fails again and again moves to the end. A full queue
 * drops its oldest event. Events in flight are not counted as waiting, so they take no room in the queue.
 */
export class CaptureQueue {
  readonly #settings: CaptureSettings;
  readonly #ports: CapturePorts;
  readonly #sender: BatchSender<Item>;
  readonly #outage: OutageReporter;
  readonly #bodies: BatchBodies;
  readonly #counts = new Counts<CaptureDropReason>(REASONS);
  /** Value of `dropped.overflow` when the queue was last empty. */
  #overflowBefore = 0;
  /** Whether the next event is reported because the client was shut down. */
  #reportsReuse = false;
  #hasReportedReuse = false;
  /** Events delivered since sending began, if `flush` has listeners. */
  #delivered: CapturedEvent[] = [];

  constructor(settings: CaptureSettings, ports: CapturePorts) {
    this.#settings = settings;
    this.#ports = ports;
    const { flushAt, flushIntervalMs, maxBatchSize, maxQueueBytes, maxQueueSize } = settings;
    this.#sender = new BatchSender(
      {
        queue: { maxItems: maxQueueSize, maxBytes: maxQueueBytes, overflow: "drop-oldest" },
        batch: { maxItems: maxBatchSize, maxBytes: MAX_BATCH_BYTES },
        flushAt,
        flushIntervalMs,
        tries: settings.retries + 1,
        pauseMs: () => settings.retryDelayMs,
        undelivered: "first",
        holdMs: MAX_HOLD_MS,
      },
      {
        clock: ports.clock,
        createClosing: createShutdownController,
        // Node.js signals have this type.
        send: (items, signal) => this.#post(items, signal as AbortSignal),
        onEnded: (items, result) => this.#report(items, result),
        onDropped: (reason) => this.#reportOverflow(reason),
        onFlushed: () => {
          if (this.#delivered.length > 0) ports.emitter.emit("flush", this.#delivered);
          this.#delivered = [];
          if (this.#sender.waiting < flushAt) this.#noteEmpty();
        },
      },
      this.#counts,
    );
    this.#outage = new OutageReporter(
      "posthog",
      ports.clock,
      limitDiagnostics(ports.diagnostics, ports.clock),
    );
    this.#bodies = new BatchBodies(settings, ports.clock);
  }

  add(event: CapturedEvent): void {
    this.addText(JSON.stringify(event));
  }

  /** Queues the JSON of an event. Does not throw. */
  addText(text: string): void {
    if (this.#reportsReuse) this.#noteReuse();
    if (this.#settings.isSent) this.#sender.add(itemOf(text));
    else this.#refuse("not-sent");
  }

  /** Counts an event that could not be created. */
  noteFailed(): void {
    this.#refuse("failed");
  }

  /**
   * Sends an event immediately in a separate request. If this fails, the event is queued like the others.
   *
   * @returns the error that prevents delivery, or `null`.
   */
  async sendNow(event: CapturedEvent): Promise<unknown> {
    const item = itemOf(JSON.stringify(event));
    if (!this.#settings.isSent) {
      this.addText(item.text);
      return null;
    }
    if (this.#reportsReuse) this.#noteReuse();
    this.#counts.accepted += 1;
    // Keeps Node.js alive during all requests and pauses.
    const release = holdProcess(this.#ports.clock, MAX_HOLD_MS);
    const { result, wasEnded } = await this.#sender.try([item]).finally(release);
    if (result.kind === "delivered") {
      this.#counts.delivered += 1;
      return null;
    }
    this.#reportFailed(result.error, () => [event]);
    if (result.kind === "too-large" || result.kind === "refused") {
      this.#counts.lose(result.kind, false);
    } else if (wasEnded) this.#counts.lose("closed", false);
    else {
      this.#counts.accepted -= 1; // the queue accepts it again
      this.#sender.add(item);
    }
    return result.error;
  }

  /**
   * Sends the waiting events. Events after a batch that the server rejects wait for the next flush.
   *
   * @param timeoutMs - maximum time to wait. Sending continues afterwards.
   * @param prepare - adds further events. Must not reject.
   * @returns the error that prevents delivery, or `null`.
   */
  flush(timeoutMs: number, prepare?: () => Promise<unknown>): Promise<unknown> {
    return this.#sender.flush(timeoutMs, prepare);
  }

  /** Sends the waiting events, and drops those that are left after the timeout. Later events are sent as usual. */
  async drain(timeoutMs: number): Promise<void> {
    const before = this.#counts.dropped.closed;
    await this.#sender.drain(timeoutMs);
    const count = this.#counts.dropped.closed - before;
    if (count === 0) return;
    this.#ports.diagnostics.warn(`events lost: ${count} not sent before shutdown() ended`);
  }

  /** Makes the next event be reported once, because the client was shut down. */
  reportReuse(): void {
    this.#reportsReuse = !this.#hasReportedReuse;
  }

  /** Reports how many events are lost when the process exits. These are waiting events, and events in flight. */
  reportAtExit(): void {
    const lost = this.#counts.waiting;
    if (lost === 0) return;
    const message = `events lost: ${lost} not sent when the process exited; await shutdown() before process.exit()`;
    this.#ports.diagnostics.warn(message);
  }

  /** Number of events added so far, regardless of their outcome. */
  get made(): number {
    return this.#counts.accepted - this.#counts.dropped.failed;
  }

  stats(): CaptureStats {
    const { queued, queuedBytes } = this.#sender.stats;
    const { accepted, delivered, dropped, waiting } = this.#counts;
    return {
      accepted,
      delivered,
      dropped: { ...dropped },
      queued,
      queuedBytes,
      inFlight: waiting - queued,
      failing: this.#outage.isFailing,
    };
  }

  async #post(items: readonly Item[], signal: AbortSignal): Promise<SendResult<Item>> {
    const { host, isCompressed, userAgent, requestTimeoutMs: timeoutMs } = this.#settings;
    try {
      const body = await this.#bodies.take(textsOf(items));
      const next = this.#sender.upcoming();
      if (next !== null) this.#bodies.prepare(textsOf(next));
      const encoding = isCompressed ? { "content-encoding": "gzip" } : {};
      const headers = { "content-type": "application/json", "user-agent": userAgent, ...encoding };
      const url = `${host}/batch/`;
      const request = { url, method: "POST", headers, body, timeoutMs, signal } as const;
      checkAccepted(url, await this.#ports.request({ ...request, readsBody: false }));
      this.#outage.succeeded();
      return { kind: "delivered" };
    } catch (error) {
      this.#outage.failed(error);
      const retryAfterMs = error instanceof HttpStatusError ? error.retryAfterMs : null;
      return { kind: verdictOn(error), error, retryAfterMs };
    }
  }

  #report(items: readonly Item[], result: SendResult<Item>): void {
    // The queue stores events as JSON.
    const events = (): CapturedEvent[] => items.map(({ text }) => JSON.parse(text));
    if (result.kind !== "delivered") {
      this.#reportFailed(result.error, events);
      this.#delivered = [];
    } else if (this.#ports.emitter.hasListeners("flush")) this.#delivered.push(...events());
  }

  #reportFailed(error: unknown, events: () => readonly CapturedEvent[]): void {
    const { diagnostics, emitter, options } = this.#ports;
    emitter.emit("error", error);
    try {
      options.onError?.(error, events());
    } catch (cause) {
      diagnostics.warn("onError failed", { reason: messageOf(cause) });
    }
  }

  #noteReuse(): void {
    this.#reportsReuse = false;
    this.#hasReportedReuse = true;
    this.#ports.diagnostics.warn(REUSED);
  }

  #refuse(reason: CaptureDropReason): void {
    this.#counts.accepted += 1;
    this.#counts.lose(reason, false);
  }

  /** Reports the first loss since the queue was empty. */
  #reportOverflow(reason: CaptureDropReason): void {
    if (reason !== "overflow") return;
    if (this.#counts.dropped.overflow !== this.#overflowBefore + 1) return;
    const wayOut = "flush between bursts, or raise maxQueueSize";
    this.#ports.diagnostics.warn("events dropped: the queue is full", { reason, wayOut });
  }

  /** Reports the end of an overflow when the queue is empty, or nearly empty. */
  #noteEmpty(): void {
    const { overflow } = this.#counts.dropped;
    const count = overflow - this.#overflowBefore;
    if (count === 0) return;
    this.#overflowBefore = overflow;
    this.#ports.diagnostics.info("no more events dropped", { count });
  }
}

function itemOf(text: string): Item {
  return { text, sizeBytes: ITEM_BYTES + text.length * BYTES_PER_UNIT };
}

function textsOf(items: readonly Item[]): readonly string[] {
  return items.map(({ text }) => text);
}
