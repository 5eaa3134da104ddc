import type { Clock } from "../runtime/clock.js";
import { startDeadline, within } from "../runtime/deadline.js";
import {
  type AbortControllerLike,
  type AbortSignalLike,
  createAbortController,
} from "../runtime/host.js";
import { holdProcess, pause } from "../runtime/pause.js";
import { Timer } from "../runtime/timer.js";
import { BoundedQueue, type QueueLimits, type Sized } from "./bounded-queue.js";
import { Counts } from "./ledger.js";
import { type Refusal, sendInParts } from "./parts.js";

/** Options for batching and retries. */
export interface BatchSenderOptions {
  /** Limits of the waiting items. Items of a running request do not count. */
  readonly queue: QueueLimits;
  /** Limits of one request. The result `too-large` halves the number of items. */
  readonly batch: { readonly maxItems: number; readonly maxBytes: number };
  /** Number of waiting items at which batches are sent, one after another. `null`: one batch per interval. */
  readonly flushAt: number | null;
  /** Time after which waiting items are sent. 0: they are not sent automatically. */
  readonly flushIntervalMs: number;
  /** Maximum tries of a request, including the first. */
  readonly tries: number;
  /**
   * Returns the pause before the next try, ms. The response may request a longer one.
   *
   * @param failures - tries so far.
   */
  pauseMs(failures: number): number;
  /**
   * Position of items that no try could deliver: before or after all others. If there is not enough room, `first` drops the
   * oldest items, and `last` drops the undelivered ones.
   */
  readonly undelivered: "first" | "last";
  /** Maximum time that sending started by `flushAt` or the interval keeps the process alive. 0: it does not. */
  readonly holdMs: number;
}

/** Outcome of a request. */
export type SendResult<Item> =
  | { readonly kind: "delivered" }
  /** The server accepted all items except `rejected`, which are sent again. */
  | { readonly kind: "partly"; readonly rejected: readonly Item[]; readonly error: unknown }
  | {
      /** `retry`: a later try may succeed; `too-large`: fewer items may succeed; `refused`: no try will succeed. */
      readonly kind: "retry" | "too-large" | "refused";
      readonly error: unknown;
      /** The delay that the response requests, ms. */
      readonly retryAfterMs: number | null;
    };

/** Why an item is not delivered. */
export type BatchDropReason = "overflow" | "too-large" | "refused" | "closed";

/** Dependencies and callbacks of a {@link BatchSender}. Callbacks must not throw. */
export interface BatchPorts<Item> {
  readonly clock: Clock;
  /** Creates an abort controller. Default: the host's. On Node, it may have to allow more than ten listeners. */
  createClosing?(): AbortControllerLike;
  /** Sends one request. It handles the body, compression and deadline. Never rejects. */
  send(items: readonly Item[], signal: AbortSignalLike): Promise<SendResult<Item>>;
  /** Called when all tries of a batch have ended, but not when the batch is halved. */
  onEnded(items: readonly Item[], result: SendResult<Item>): void;
  /** Called when items are lost. */
  onDropped(reason: BatchDropReason, count: number): void;
  /** Called when the items that were waiting when sending started have been sent. */
  onFlushed(): void;
}

const REASONS: readonly BatchDropReason[] = ["overflow", "too-large", "refused", "closed"];

/** Number of microtasks, as in PostHog's SDK, so that a full batch has the same items. */
const TURNS = 10;

/** The items that a sender has. */
export interface BatchStats {
  readonly queued: number;
  /** Estimated size. */
  readonly queuedBytes: number;
  readonly inFlight: number;
}

/** Why sending stopped before all waiting items were sent. */
interface Stop {
  readonly error: unknown;
  /** Whether items were dropped because of it. Otherwise they wait. */
  readonly isRefusal: boolean;
}

/**
 * Sends items in batches, one request at a time, in the order in which they were added. After a batch that is not delivered,
 * sending pauses until the next flush, interval or full batch. If it fails again, or while draining, it is halved until the
 * items that fail are alone, and they move to the end. `drain` continues even if a batch is refused.
 */
export class BatchSender<Item extends Sized> {
  readonly #options: BatchSenderOptions;
  readonly #ports: BatchPorts<Item>;
  readonly #queue: BoundedQueue<Item>;
  /** Aborts the running requests. */
  #closing: AbortControllerLike;
  /** Counters since the start. The owner may count items in them that it sends by itself. */
  readonly counts: Counts<BatchDropReason>;
  #sending: readonly Item[] = [];
  #maxItems: number;
  /** Number of items that were added. */
  #added = 0;
  #isDraining = false;
  #hasEnded = false;
  /** First items of batches that were not delivered. */
  readonly #failedHeads = new WeakSet<Item>();
  /** The last single item that was not delivered. `null`: another item was delivered since. */
  #failedAlone: Item | null = null;
  #running: Promise<Stop | null> | null = null;
  /**
   * The flush that reports the refusal that ended sending (`null`: none). If several flushes are pending, the first one
   * reports it. While sending without a flush, this is the sender itself.
   */
  #reporter: object | null = null;
  readonly #timer: Timer;
  readonly #onEvicted = (): void => this.#drop("overflow");

  constructor(
    options: BatchSenderOptions,
    ports: BatchPorts<Item>,
    counts: Counts<BatchDropReason> = new Counts(REASONS),
  ) {
    this.counts = counts;
    this.#options = options;
    this.#ports = ports;
    this.#queue = new BoundedQueue(options.queue);
    this.#timer = new Timer(ports.clock);
    this.#closing = this.#createClosing();
    this.#maxItems = options.batch.maxItems;
  }

  /** Adds an item, which is sent later or dropped. */
  add(item: Item): void {
    this.#added += 1;
    this.counts.accepted += 1;
    if (this.#hasEnded) {
      this.#drop("closed");
      return;
    }
    const refusal = this.#queue.offer(item, this.#onEvicted);
    if (refusal !== null) this.#drop(refusal);
    const { flushAt } = this.#options;
    if (flushAt === null || this.waiting < flushAt) this.#arm();
    // Otherwise a pending flush sends the item.
    else if (this.#reporter === null) void this.#sendByItself();
  }

  /** Number of waiting items, without those in a request. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** The items that wait or are being sent. */
  get stats(): BatchStats {
    return {
      queued: this.waiting,
      queuedBytes: this.#queue.heldBytes,
      inFlight: this.#sending.length,
    };
  }

  /** Returns the items of the next batch if it is full, otherwise `null`. */
  upcoming(): readonly Item[] | null {
    if (this.#queue.length < this.#maxItems) return null;
    const items: Item[] = [];
    let sizeBytes = 0;
    for (let i = 0; i < this.#maxItems; i++) {
      const item = this.#queue.peek(i) as Item; // the queue has that many items
      sizeBytes += item.sizeBytes;
      items.push(item);
    }
    return sizeBytes > this.#options.batch.maxBytes ? null : items;
  }

  /**
   * Sends the waiting items, or joins the sending in progress. Never rejects.
   *
   * @returns the error after which sending pauses, or `null`.
   */
  async send(): Promise<unknown> {
    return (await this.#begin())?.error ?? null;
  }

  async #sendByItself(): Promise<void> {
    const { holdMs } = this.#options;
    const release = holdMs === 0 ? () => {} : holdProcess(this.#ports.clock, holdMs);
    await this.#begin();
    release();
  }

  #begin(): Promise<Stop | null> {
    this.#timer.cancel();
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
      this.#reporter = null;
      if (this.waiting > 0) this.#arm();
    });
    return this.#running;
  }

  /**
   * Sends one request, and repeats it with the remaining items after a temporary failure. Does not update counters.
   *
   * @returns the last result, the undelivered items, and whether `drain` or `end` aborted the request.
   */
  async try(items: readonly Item[]): Promise<{
    readonly result: SendResult<Item>;
    readonly left: readonly Item[];
    readonly wasEnded: boolean;
  }> {
    const { pauseMs, tries } = this.#options;
    const { signal } = this.#closing;
    let left = items;
    for (let made = 1; ; made++) {
      const result = await this.#ports.send(left, signal);
      if (result.kind === "delivered") return { result, left: [], wasEnded: false };
      if (result.kind === "partly") left = result.rejected;
      const mayPass = result.kind === "retry" || result.kind === "partly";
      if (!mayPass || left.length === 0 || made >= tries || signal.aborted) {
        return { result, left, wasEnded: signal.aborted };
      }
      const askedMs = result.kind === "retry" ? (result.retryAfterMs ?? 0) : 0;
      const delayMs = Math.max(pauseMs(made), askedMs);
      await pause(this.#ports.clock, delayMs, { signal, holdsProcess: false });
    }
  }

  /**
   * Sends the items that were added so far.
   *
   * @param timeoutMs - how long to wait, which keeps the process alive. Sending continues afterwards.
   * @param prepare - adds further items. Full batches wait for it, so it must resolve.
   * @returns the error after which sending pauses, or `null` if there is none or the time is up.
   */
  async flush(timeoutMs: number, prepare?: () => Promise<unknown>): Promise<unknown> {
    const limit = { clock: this.#ports.clock, timeoutMs, holdsProcess: true };
    const outcome = await within(limit, () => this.#sendAll(prepare));
    return outcome.kind === "done" ? outcome.value : null;
  }

  /**
   * Sends the waiting items, including those added in the meantime, and drops what cannot be sent in time. Items added later
   * are sent as usual.
   */
  async drain(timeoutMs: number): Promise<void> {
    const deadline = startDeadline(this.#ports.clock, timeoutMs);
    this.#isDraining = true;
    let error: unknown = null;
    do error = await this.flush(deadline.remainingMs());
    while (error === null && this.waiting > 0 && deadline.remainingMs() > 0);
    deadline.end();
    await this.#dropAll();
    this.#isDraining = false;
    if (this.waiting > 0) this.#arm();
  }

  /** Stops accepting items, aborts the running request, and drops the waiting items. */
  async end(): Promise<void> {
    this.#hasEnded = true;
    this.#timer.cancel();
    await this.#dropAll();
  }

  /** Aborts the running request, and drops all items added so far. */
  async #dropAll(): Promise<void> {
    const added = this.#added;
    this.#closing.abort();
    await this.#running;
    this.#closing = this.#createClosing();
    let count = 0;
    while (this.waiting > this.#added - added && this.#queue.shift() !== undefined) count += 1;
    this.#drop("closed", count);
  }

  #createClosing(): AbortControllerLike {
    return this.#ports.createClosing?.() ?? createAbortController();
  }

  async #sendAll(prepare: (() => Promise<unknown>) | undefined): Promise<unknown> {
    const me = {};
    this.#reporter ??= me;
    if (prepare !== undefined) await prepare();
    const last = this.#added;
    while (this.#added - this.waiting - this.#sending.length < last) {
      this.#reporter ??= me;
      const isReporter = this.#reporter === me;
      const stop = await this.#begin();
      // Another flush reports this refusal, so this flush continues with the remaining items.
      if (stop !== null && (isReporter || !stop.isRefusal)) return stop.error;
    }
    if (this.#reporter === me) this.#reporter = null;
    return null;
  }

  #arm(): void {
    const { flushAt, flushIntervalMs } = this.#options;
    if (flushIntervalMs <= 0 || this.#isDraining || this.#hasEnded) return;
    if (this.#timer.isSet) return;
    // All waiting items are being sent. Without `flushAt`, only one batch is, so the next interval may start.
    if (this.#running !== null && flushAt !== null) return;
    this.#timer.set(flushIntervalMs, () => void this.#sendByItself());
  }

  async #run(): Promise<Stop | null> {
    const { flushAt } = this.#options;
    for (let i = 0; i < TURNS; i++) await null; // waits for the other items of this turn
    this.#reporter ??= this;
    for (let left = this.waiting; ; ) {
      const batch = this.#takeBatch();
      if (batch.length === 0) return null;
      const stop = await this.#deliver(batch);
      this.#sending = [];
      if (stop !== null || flushAt === null) return stop;
      left -= batch.length;
      if (left > 0) continue;
      this.#ports.onFlushed();
      left = this.waiting;
      // Fewer than `flushAt` items were added in the meantime, so they wait for more.
      if (left < flushAt) return null;
    }
  }

  /** Takes the items of the next request, starting with those of a failed request. */
  #takeBatch(): readonly Item[] {
    const { batch: limits } = this.#options;
    const batch: Item[] = [];
    let sizeBytes = 0;
    while (batch.length < this.#maxItems) {
      const next = this.#queue.peek();
      if (next === undefined) break;
      sizeBytes += next.sizeBytes;
      if (batch.length > 0 && sizeBytes > limits.maxBytes) break;
      this.#queue.shift();
      batch.push(next);
    }
    this.#sending = batch;
    return batch;
  }

  /** Returns why sending pauses, or `null` if it continues. */
  async #deliver(batch: readonly Item[]): Promise<Stop | null> {
    const { left, result } = await this.try(batch);
    this.counts.delivered += batch.length - left.length;
    if (left.length < batch.length) this.#failedAlone = null;
    if (result.kind === "too-large" && left.length > 1) {
      this.#maxItems = Math.max(1, left.length >> 1);
      this.#keep(left);
      return null;
    }
    this.#ports.onEnded(batch, result);
    if (result.kind === "delivered" || left.length === 0) return null;
    if (result.kind === "retry" || result.kind === "partly") {
      // If the server accepted some items, it refuses the others on purpose.
      const alone = left.length < batch.length ? null : await this.#isolate(left, result);
      if (alone === null) this.#keep(left);
      else this.#keepLast(alone);
      // Draining continues, because the server accepts other items.
      const mayContinue = this.#isDraining && this.waiting > (alone?.length ?? this.waiting);
      if (alone?.length === 0 || mayContinue) return null;
      return { error: result.error, isRefusal: false };
    }
    this.#drop(result.kind, left.length);
    return this.#isDraining ? null : { error: result.error, isRefusal: true };
  }

  /**
   * Finds the items because of which a batch fails again and again, and delivers the others.
   *
   * @returns the items that fail alone, or `null` if the server seems to accept none at all.
   */
  async #isolate(
    items: readonly Item[],
    failure: SendResult<Item>,
  ): Promise<readonly Item[] | null> {
    const { signal } = this.#closing;
    const [head] = items;
    if (head === undefined) return null;
    const isRepeated = this.#isDraining || this.#failedHeads.has(head);
    this.#failedHeads.add(head);
    // A server that asks for a later request refuses all items.
    const isAsked = failure.kind === "retry" && failure.retryAfterMs !== null;
    if (!isRepeated || isAsked || signal.aborted) return null;
    if (items.length === 1) {
      const former = this.#failedAlone;
      this.#failedAlone = head;
      return this.#isDraining && former !== null && former !== head ? null : items;
    }
    const refusalOf = (left: readonly Item[]): Refusal<Item> => ({
      ...{ items: left, status: 0, error: null },
    });
    let alone: readonly Item[] | null = [];
    await sendInParts(refusalOf(items), {
      send: async (part) => {
        const result = await this.#ports.send(part, signal);
        if (result.kind !== "delivered" && result.kind !== "partly") return refusalOf(part);
        const left = result.kind === "partly" ? result.rejected : [];
        const sent = new Set(part);
        for (const item of left) sent.delete(item);
        this.#sending = this.#sending.filter((item) => !sent.has(item));
        this.counts.delivered += sent.size;
        if (left.length > 0) return refusalOf(left);
        this.#failedAlone = null;
        this.#ports.onEnded(part, result);
        return null;
      },
      refused({ items: refused }, isAlone) {
        alone = isAlone ? [...(alone ?? []), ...refused] : null;
      },
    });
    return alone;
  }

  /** Keeps items that failed alone behind all others. If there is not enough room, they are dropped. */
  #keepLast(items: readonly Item[]): void {
    this.#queue.putBack(items, this.#onEvicted);
    for (const item of items) {
      if (this.#queue.peek() !== item) continue; // evicted
      this.#queue.shift();
      this.#queue.offer(item, this.#onEvicted);
    }
  }

  #keep(items: readonly Item[]): void {
    if (this.#options.undelivered === "first") {
      this.#queue.putBack(items, this.#onEvicted);
      return;
    }
    const refused = items.filter((item) => this.#queue.offer(item, this.#onEvicted) !== null);
    this.#drop("overflow", refused.length);
  }

  #drop(reason: BatchDropReason, count = 1): void {
    if (count === 0) return;
    this.counts.lose(reason, false, count);
    this.#ports.onDropped(reason, count);
  }
}
