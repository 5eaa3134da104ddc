import { HttpStatusError } from "@sortition/core/client";
import { BoundedQueue, OutageReporter } from "@sortition/core/logger";
import { type Clock, type Diagnostics, holdProcess, pause, within } from "@sortition/core/source";
import { withDeadline } from "@sortition/node/transport";
import { createClosing } from "../http/closing.js";
import { BatchBodies } from "./batch-body.js";
import type { CapturedEvent } from "./event.js";
import { type Send, verdictOn } from "./sender.js";

/** How events are sent. */
export interface CaptureSettings {
  /** Origin of the server, without a slash at its end. */
  readonly host: string;
  readonly projectToken: string;
  /** Events are sent when this many wait. */
  readonly flushAt: number;
  /** Fewer are sent after this time; 0: not by themselves. */
  readonly flushIntervalMs: number;
  /** Events of one request. Halved by the answer 413. */
  readonly maxBatchSize: number;
  readonly maxQueueSize: number;
  /** Estimated. */
  readonly maxQueueBytes: number;
  /** Further tries of a request. */
  readonly retries: number;
  readonly retryDelayMs: number;
  readonly requestTimeoutMs: number;
  readonly isCompressed: boolean;
  readonly isHistorical: boolean;
  /** `false`: events are accepted and dropped. */
  readonly isSent: boolean;
  readonly userAgent: string;
}

/** What a queue works with. */
export interface CapturePorts {
  readonly clock: Clock;
  readonly diagnostics: Diagnostics;
  readonly send: Send;
  /** A request could not deliver events, whether they are kept or not. Does not throw. */
  onFailed(error: unknown, events: EventsReader): void;
  /** A request of a batch delivered events. Does not throw. */
  onDelivered(events: EventsReader): void;
  /** The events that waited when sending began are delivered. Does not throw. */
  onFlushed(): void;
}

/** Parses events, which the queue has as JSON. */
export type EventsReader = () => readonly CapturedEvent[];

/** Why an event was not sent; `failed`: it could not be made, and diagnostics have the cause. */
export type CaptureDropReason =
  | "overflow"
  | "too-large"
  | "refused"
  | "closed"
  | "not-sent"
  | "failed";

/** Counters: accepted = delivered + all of `dropped` + queued + in flight. */
export interface CaptureStats {
  readonly accepted: number;
  readonly delivered: number;
  readonly dropped: Readonly<Record<CaptureDropReason, number>>;
  readonly queued: number;
  /** Estimated, with those in flight. */
  readonly queuedBytes: number;
  readonly inFlight: number;
  /** Whether the last request failed. */
  readonly failing: boolean;
}

interface Item {
  /** The event as JSON: it holds less memory than objects, and is written once. */
  readonly text: string;
  readonly sizeBytes: number;
}

/** Estimated: of an item without its text, and of a UTF-16 unit. */
const ITEM_BYTES = 200;
const BYTES_PER_UNIT = 2;

/** Of one request, estimated and before compression: a larger one would block the event loop. */
const MAX_BATCH_BYTES = 4 * 1024 * 1024;
/** Longer than all tries of a request, with a minute of `Retry-After` between two of them. */
const MAX_HOLD_MS = 10 * 60_000;

/**
 * Sends events in batches, one request at a time, in the order in which they were added. What a request
 * could not deliver waits at the head of the queue for the next flush. A full queue drops its oldest event.
 */
export class CaptureQueue {
  readonly #settings: CaptureSettings;
  readonly #ports: CapturePorts;
  readonly #queue: BoundedQueue<Item>;
  readonly #outage: OutageReporter;
  readonly #bodies: BatchBodies;
  readonly #closed = createClosing();
  readonly #dropped = {
    overflow: 0,
    "too-large": 0,
    refused: 0,
    closed: 0,
    "not-sent": 0,
    failed: 0,
  };
  /** What a failed request leaves for the next one. */
  #held: Item[] = [];
  #sending: readonly Item[] = [];
  #maxBatchSize: number;
  /** Events that are sent in requests of their own. */
  #immediate = 0;
  #accepted = 0;
  #delivered = 0;
  #isClosing = false;
  #running: Promise<unknown> | null = null;
  #cancelTimer: (() => void) | null = null;
  /** `dropped.overflow` when the queue was last empty. */
  #overflowBefore = 0;
  readonly #onEvicted = (): void => this.#drop("overflow");

  constructor(settings: CaptureSettings, ports: CapturePorts) {
    this.#settings = settings;
    this.#ports = ports;
    const { maxQueueSize: maxItems, maxQueueBytes: maxBytes } = settings;
    this.#queue = new BoundedQueue({ maxItems, maxBytes, overflow: "drop-oldest" });
    this.#outage = new OutageReporter("posthog", ports.clock, ports.diagnostics);
    this.#bodies = new BatchBodies(settings, ports.clock);
    this.#maxBatchSize = settings.maxBatchSize;
  }

  /** Takes an event, which is sent later. */
  add(event: CapturedEvent): void {
    this.addText(JSON.stringify(event));
  }

  /** Takes the JSON of an event, which is sent later. Does not throw. */
  addText(text: string): void {
    this.#accepted += 1;
    if (this.#isClosing || !this.#settings.isSent) {
      this.#drop(this.#isClosing ? "closed" : "not-sent");
      return;
    }
    const sizeBytes = ITEM_BYTES + text.length * BYTES_PER_UNIT;
    const refusal = this.#queue.offer({ text, sizeBytes }, this.#onEvicted);
    if (refusal !== null) this.#drop(refusal);
    const { flushAt, flushIntervalMs } = this.#settings;
    if (this.#waiting >= flushAt) this.#start();
    else if (flushIntervalMs > 0) this.#arm(flushIntervalMs);
  }

  /** Counts an event that could not be made. */
  noteFailed(): void {
    this.#accepted += 1;
    this.#drop("failed");
  }

  /**
   * Sends an event at once, in a request of its own. If it cannot be delivered now, it waits like the others.
   *
   * @returns the error that keeps it from being delivered, `null` without one.
   */
  async sendNow(event: CapturedEvent): Promise<unknown> {
    const text = JSON.stringify(event);
    if (this.#isClosing || !this.#settings.isSent) {
      this.addText(text);
      return null;
    }
    this.#accepted += 1;
    this.#immediate += 1;
    // Whatever the requests and pauses take.
    const release = holdProcess(this.#ports.clock, MAX_HOLD_MS);
    const error = await this.#postWithRetries([text]).finally(release);
    this.#immediate -= 1;
    if (error === null) {
      this.#delivered += 1;
      return null;
    }
    this.#ports.onFailed(error, () => [event]);
    const verdict = verdictOn(error);
    if (verdict === "retry") {
      this.#accepted -= 1;
      this.addText(text);
    } else this.#drop(verdict);
    return error;
  }

  /**
   * Sends the events that were added so far.
   *
   * @param timeoutMs - how long to wait; sending goes on afterwards.
   * @returns the error that keeps events from being delivered, `null` without one.
   */
  async flush(timeoutMs: number): Promise<unknown> {
    const limit = { clock: this.#ports.clock, timeoutMs, holdsProcess: true };
    const outcome = await within(limit, () => this.#sendAll());
    return outcome.kind === "done" ? outcome.value : null;
  }

  async #sendAll(): Promise<unknown> {
    const last = this.#accepted;
    while (this.#ended < last) {
      // Those that are sent on their own have callers of their own, who wait.
      if (this.#waiting + this.#sending.length === 0) return null;
      const error = await this.#start();
      if (error !== null) return error;
    }
    return null;
  }

  /** Accepts no more events, sends those it has, and drops what is left when the time has passed. */
  async close(timeoutMs: number): Promise<void> {
    this.#isClosing = true;
    await this.flush(timeoutMs);
    this.#closed.abort();
    this.#cancelTimer?.();
    await this.#running;
    for (const item of this.#held) this.#end(item, "closed");
    this.#held = [];
    while (this.#queue.shift() !== undefined) this.#drop("closed");
  }

  /** Says what the end of the process loses: events that wait, or whose request has no answer yet. */
  reportAtExit(): void {
    const { inFlight, queued } = this.stats();
    const lost = queued + inFlight;
    if (lost === 0) return;
    const message = `events lost: ${lost} were not sent when the process exited; await shutdown() before process.exit()`;
    this.#ports.diagnostics.warn(message);
  }

  /** How many events were added so far, whatever has become of them. */
  get made(): number {
    return this.#accepted - this.#dropped.failed;
  }

  /** Returns the counters. */
  stats(): CaptureStats {
    return {
      accepted: this.#accepted,
      delivered: this.#delivered,
      dropped: { ...this.#dropped },
      queued: this.#waiting,
      queuedBytes: this.#queue.heldBytes,
      inFlight: this.#sending.length + this.#immediate,
      failing: this.#outage.isFailing,
    };
  }

  get #waiting(): number {
    return this.#queue.length + this.#held.length;
  }

  get #ended(): number {
    return this.#accepted - this.#waiting - this.#sending.length - this.#immediate;
  }

  #arm(delayMs: number): void {
    if (this.#cancelTimer !== null || this.#running !== null) return;
    const expire = (): void => void this.#start();
    this.#cancelTimer = this.#ports.clock.setTimer(expire, delayMs, { holdsProcess: false });
  }

  /** Resolves, when everything is sent or a request has failed for good, with the error or `null`. */
  #start(): Promise<unknown> {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
      const { flushIntervalMs } = this.#settings;
      if (this.#waiting > 0 && flushIntervalMs > 0 && !this.#isClosing) this.#arm(flushIntervalMs);
    });
    return this.#running;
  }

  async #run(): Promise<unknown> {
    await null; // for the other events of this turn
    for (let left = this.#waiting; ; ) {
      const batch = this.#nextBatch();
      if (batch.length === 0) {
        this.#noteEmpty();
        return null;
      }
      const error = await this.#deliver(batch);
      this.#sending = [];
      if (error !== null) return error;
      left -= batch.length;
      if (left > 0) continue;
      this.#ports.onFlushed();
      left = this.#waiting;
      // Fewer events than a batch came meanwhile: they wait for more, as with the vendor.
      if (left > 0 && left < this.#settings.flushAt) {
        this.#noteEmpty();
        return null;
      }
    }
  }

  /** As many as one request may have: those of a failed request first. */
  #nextBatch(): readonly Item[] {
    const batch: Item[] = [];
    let sizeBytes = 0;
    while (batch.length < this.#maxBatchSize) {
      const next = this.#held[0] ?? this.#queue.peek();
      if (next === undefined) break;
      sizeBytes += next.sizeBytes;
      if (batch.length > 0 && sizeBytes > MAX_BATCH_BYTES) break;
      if (this.#held.shift() === undefined) this.#queue.lend();
      batch.push(next);
    }
    this.#sending = batch;
    return batch;
  }

  /** Returns the error after which sending pauses, `null` if it goes on. */
  async #deliver(batch: readonly Item[]): Promise<unknown> {
    const texts = batch.map(({ text }) => text);
    const events: EventsReader = () => texts.map((text) => JSON.parse(text));
    const error = await this.#postWithRetries(texts);
    if (error === null) {
      this.#delivered += batch.length;
      for (const item of batch) this.#queue.release(item);
      this.#ports.onDelivered(events);
      return null;
    }
    const verdict = verdictOn(error);
    if (verdict === "too-large" && batch.length > 1) {
      this.#maxBatchSize = Math.max(1, batch.length >> 1);
      this.#held.unshift(...batch);
      return null;
    }
    this.#ports.onFailed(error, events);
    if (verdict === "retry") {
      this.#held.unshift(...batch);
      return error;
    }
    for (const item of batch) this.#end(item, verdict);
    return null;
  }

  /** Returns the last error, `null` if the server has the events. */
  async #postWithRetries(events: readonly string[]): Promise<unknown> {
    for (let tries = 0; ; tries++) {
      const error = await this.#post(events);
      const isLast = tries >= this.#settings.retries || this.#closed.signal.aborted;
      if (error === null || isLast || verdictOn(error) !== "retry") return error;
      await this.#pause(error);
    }
  }

  /** Returns what failed, `null` if the server has the events. */
  async #post(events: readonly string[]): Promise<unknown> {
    const { host, isCompressed, userAgent, requestTimeoutMs: timeoutMs } = this.#settings;
    const { clock, send } = this.#ports;
    const { signal } = this.#closed;
    try {
      const body = await this.#bodies.take(events);
      this.#prepareNext();
      const encoding = isCompressed ? { "content-encoding": "gzip" } : {};
      const headers = { "content-type": "application/json", "user-agent": userAgent, ...encoding };
      const url = `${host}/batch/`;
      await withDeadline({ clock, timeoutMs, signal }, (ended) =>
        send({ url, headers, body, signal: ended }),
      );
      this.#outage.succeeded();
      return null;
    } catch (error) {
      this.#outage.failed(error);
      return error;
    }
  }

  /** Writes the next body if it is known which events it will have. */
  #prepareNext(): void {
    if (this.#held.length > 0 || this.#queue.length < this.#maxBatchSize) return;
    const events: string[] = [];
    let sizeBytes = 0;
    for (let i = 0; i < this.#maxBatchSize; i++) {
      const item = this.#queue.peek(i) as Item; // it has so many
      sizeBytes += item.sizeBytes;
      events.push(item.text);
    }
    if (sizeBytes > MAX_BATCH_BYTES) return;
    this.#bodies.prepare(events);
  }

  /** Until the next try; at once when the queue is closed. */
  #pause(error: unknown): Promise<void> {
    const askedMs = error instanceof HttpStatusError ? (error.retryAfterMs ?? 0) : 0;
    const { clock } = this.#ports;
    const { signal } = this.#closed;
    const delayMs = Math.max(this.#settings.retryDelayMs, askedMs);
    return pause(clock, delayMs, { signal, holdsProcess: false });
  }

  #end(item: Item, reason: CaptureDropReason): void {
    this.#queue.release(item);
    this.#drop(reason);
  }

  #drop(reason: CaptureDropReason): void {
    this.#dropped[reason] += 1;
    if (reason !== "overflow" || this.#dropped.overflow !== this.#overflowBefore + 1) return;
    const wayOut = "flush between bursts, or raise maxQueueSize";
    this.#ports.diagnostics.warn("events dropped: the queue is full", { reason, wayOut });
  }

  /** The end of an overflow: the queue is empty, or nearly so. */
  #noteEmpty(): void {
    const { overflow } = this.#dropped;
    const count = overflow - this.#overflowBefore;
    if (count === 0) return;
    this.#overflowBefore = overflow;
    this.#ports.diagnostics.info("no more events dropped", { count });
  }
}
