import { Backoff } from "../delivery/backoff.js";
import type { BoundedQueue, Sized } from "../delivery/bounded-queue.js";
import { mayHaveArrived } from "../delivery/delivery-failure.js";
import type { OutageReporter } from "../delivery/outage-reporter.js";
import type { Receipt } from "../delivery/receipt.js";
import { type HttpStatusError, httpStatusOf, SortitionError } from "../errors/errors.js";
import { isThenable } from "../errors/guard.js";
import type { AssignmentEvent, BanditEvent } from "../model/exposure.js";
import { Timer } from "../runtime/timer.js";
import type { LoggerErrorStage, ResolvedLoggerOptions } from "./options.js";
import type { LoggerDropReason } from "./stats.js";
import type { Settle, Vendor, VendorPlan } from "./vendor.js";

/** Maximum delay by `Retry-After`. */
const MAX_RETRY_AFTER_MS = 300_000;

/** An event that is being delivered. */
export interface Item<Message> extends Sized {
  /** Sequence number, starting at 1. */
  readonly number: number;
  readonly message: Message;
  receipt: Receipt | null;
  readonly event: AssignmentEvent | BanditEvent;
}

/** Callbacks of the logger, which receives errors and the outcome of each item. */
interface Outcomes<Message> {
  /** Schedules the events that the logger postponed. Called before the events of a turn are handed over. */
  prepare(): void;
  delivered(item: Item<Message>): void;
  failed(item: Item<Message>): void;
  dropped(
    item: Item<Message>,
    reason: LoggerDropReason,
    error: unknown,
    isLasting: boolean | undefined,
  ): void;
  /** Calls the logger behind this one. */
  handOver<Result>(
    item: Item<Message>,
    call: () => Result,
    onEnded: Receipt["settle"] | undefined,
  ): Result;
  report(stage: LoggerErrorStage, error: unknown, item?: Item<Message>): void;
}

/**
 * Hands waiting events to the vendor's library in order, in slices that keep the library's own queue
 * short, and tells it to send: always if the logger created the instance, otherwise only while a caller waits.
 */
export class DeliveryLoop<Message> {
  readonly #plan: VendorPlan<Message>;
  readonly #queue: BoundedQueue<Item<Message>>;
  readonly #options: ResolvedLoggerOptions;
  readonly #outages: OutageReporter;
  readonly #outcomes: Outcomes<Message>;
  readonly #inFlight = new Set<Item<Message>>();
  /** Events that the library gave up and that are sent again, oldest first. */
  readonly #returned: Item<Message>[] = [];
  /** Events that the service may have, because a request with them got no response. */
  readonly #uncertain = new WeakSet<Item<Message>>();
  #vendor: Vendor<Message> | undefined;
  #opening: Promise<void> | undefined;
  /** Events up to this number may be handed over. */
  #released = 0;
  #last = 0;
  #isScheduled = false;
  /** Whether events are handed over at the end of this turn. */
  #isDue = false;
  readonly #handOver: Timer;
  #isPushing = false;
  /** Whether a message is being handed over. */
  #isSending = false;
  #isAwaited = false;
  #isAbandoned = false;
  #settledCount = 0;
  readonly #flushBackoff: Backoff;
  readonly #retryBackoff: Backoff;
  readonly #nap: Timer;
  /** Ends the current wait of {@link DeliveryLoop.#pause}. */
  #endPause = (): void => {};
  /** Set while hand-over is paused because the library gave up events. */
  readonly #retry: Timer;
  /** When that pause ends, monotonic ms. */
  #retryDueMs = 0;
  /** The service requested no requests before this time. */
  #askedUntilMs = Number.NEGATIVE_INFINITY;
  #flushing: Promise<void> = Promise.resolve();

  constructor(
    plan: VendorPlan<Message>,
    queue: BoundedQueue<Item<Message>>,
    options: ResolvedLoggerOptions,
    outages: OutageReporter,
    outcomes: Outcomes<Message>,
  ) {
    this.#plan = plan;
    this.#queue = queue;
    this.#options = options;
    this.#outages = outages;
    this.#outcomes = outcomes;
    this.#flushBackoff = new Backoff(options.random);
    this.#retryBackoff = new Backoff(options.random);
    this.#nap = new Timer(options.clock);
    this.#handOver = new Timer(options.clock);
    this.#retry = new Timer(options.clock);
  }

  /** Number of events in the library. */
  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** URL that receives the messages. `null`: unknown. */
  get url(): string | null {
    return this.#vendor?.url ?? null;
  }

  /**
   * Notes a new event. The user's instance receives it at once, as if the user had called it, so that the user's next
   * flush includes it. The logger's own instance receives it when enough events wait or the interval ends, but never in
   * the caller's turn.
   */
  schedule(lastNumber: number): void {
    this.#last = lastNumber;
    if (!this.#options.owned) {
      this.#released = lastNumber;
      this.#run();
    } else if (this.#waiting >= this.#plan.handOverAt) {
      this.#released = lastNumber;
      this.#runSoon();
    } else if (!this.#handOver.isSet) {
      this.#handOver.set(this.#plan.flushIntervalMs, () => {
        this.#released = this.#last;
        this.#run();
      });
    }
  }

  /** Until `relax`, hands over all events up to this number, and tells the library to send them. */
  release(lastNumber: number): void {
    this.#isAwaited = true;
    this.#flushBackoff.reset();
    this.#retryNow();
    this.#released = Math.max(this.#released, lastNumber);
    this.#run();
    this.#wake();
  }

  /** Called when no caller waits any more. */
  relax(): void {
    this.#isAwaited = false;
  }

  /** Resolves when the library's current flush has ended. Until then, the library may ignore its owner's flush. */
  get flushed(): Promise<void> {
    return this.#flushing;
  }

  /** Stops, and returns the unsettled events. Their later outcomes are ignored. */
  abandon(): readonly Item<Message>[] {
    this.#isAbandoned = true;
    this.#handOver.cancel();
    this.#endRetryPause();
    const left = [...this.#inFlight, ...this.#returned];
    if (this.#vendor?.abandon === undefined) {
      for (const item of this.#inFlight) this.#uncertain.add(item);
    }
    this.#inFlight.clear();
    this.#returned.length = 0;
    for (const item of left) this.#queue.release(item);
    for (let item = this.#queue.shift(); item !== undefined; item = this.#queue.shift()) {
      left.push(item);
    }
    this.#wake();
    return left;
  }

  /** Gives up an event that `abandon` returned. Returns whether the service may have it. */
  giveUp(item: Item<Message>): boolean {
    const isSent = this.#vendor?.abandon?.(item.message) === true;
    return isSent || this.#uncertain.has(item);
  }

  /** Closes the vendor's instance if the logger created it. Never rejects. */
  async closeVendor(timeoutMs: number): Promise<void> {
    try {
      await this.#opening;
      await this.#vendor?.close?.(timeoutMs);
    } catch (error) {
      this.#outcomes.report("close", error);
    }
  }

  /** Calls `prepare` at the end of this turn, before anything is handed over. */
  prepareSoon(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    void Promise.resolve().then(() => {
      this.#outcomes.prepare();
      this.#isScheduled = false;
      if (!this.#isDue) return;
      this.#isDue = false;
      this.#run();
    });
  }

  get #waiting(): number {
    return this.#queue.length + this.#returned.length;
  }

  #runSoon(): void {
    this.#isDue = true;
    this.prepareSoon();
  }

  #run(): void {
    if (this.#isAbandoned || this.#waiting + this.#inFlight.size === 0) return;
    if (this.#vendor === undefined) {
      this.#open();
      return;
    }
    this.#send(this.#vendor);
    void this.#push(this.#vendor);
  }

  #open(): void {
    if (this.#opening !== undefined) return;
    this.#opening = Promise.resolve();
    const use = (vendor: Vendor<Message>): void => {
      this.#vendor = vendor;
      this.#run();
    };
    const fail = (error: unknown): void => use(this.#unopened(error));
    try {
      const vendor = this.#plan.open({
        succeeded: () => this.#outages.succeeded(),
        failed: (error) => this.#outages.failed(error, this.url),
      });
      if (isThenable(vendor)) this.#opening = Promise.resolve(vendor).then(use, fail);
      else use(vendor);
    } catch (error) {
      fail(error);
    }
  }

  /** Replaces a vendor that cannot be opened. Each event fails, so that events are counted and do not accumulate. */
  #unopened(error: unknown): Vendor<Message> {
    this.#outcomes.report("open", error);
    return {
      reportsAttempts: true, // there are no attempts
      send: (_, settle) => settle.failed(error),
      flush: async () => {},
    };
  }

  #send(vendor: Vendor<Message>): void {
    for (let left = this.#freeSlots; left > 0; left -= 1) {
      const item = this.#next();
      if (item === undefined) return;
      this.#inFlight.add(item);
      this.#isSending = true;
      try {
        vendor.send(item.message, this.#settleOf(item, vendor));
      } catch (error) {
        this.#settle(() => {
          if (!this.#land(item)) return;
          this.#outcomes.failed(item);
          this.#outcomes.report("send", error, item);
        });
      } finally {
        this.#isSending = false;
      }
    }
  }

  /** Number of events that may be handed over now. Only whole batches if more events wait than fit. */
  get #freeSlots(): number {
    if (this.#retry.isSet) return 0;
    const { batchSize = 1, maxInFlight } = this.#plan;
    const slots = maxInFlight - this.#inFlight.size;
    return this.#waiting <= slots ? slots : slots - (slots % batchSize);
  }

  #next(): Item<Message> | undefined {
    const returned = this.#returned.shift();
    if (returned !== undefined) return returned;
    const oldest = this.#queue.peek();
    return oldest !== undefined && oldest.number <= this.#released ? this.#queue.lend() : undefined;
  }

  #settleOf(item: Item<Message>, { reportsAttempts = false }: Vendor<Message>): Settle {
    const noteFailure = (error: unknown): void => {
      if (!reportsAttempts) this.#outages.failed(error, this.url);
    };
    const settle = (end: () => void): void => this.#settle(end);
    return {
      handOver: (call, onEnded) => this.#outcomes.handOver(item, call, onEnded),
      delivered: () =>
        settle(() => {
          if (!this.#land(item)) return;
          if (!reportsAttempts) this.#outages.succeeded();
          this.#retryBackoff.reset();
          this.#retryNow();
          this.#outcomes.delivered(item);
        }),
      failed: (error) =>
        settle(() => {
          if (!this.#land(item)) return;
          noteFailure(error);
          this.#outcomes.failed(item);
          this.#outcomes.report("deliver", error, item);
        }),
      retry: (error, isUncertain = mayHaveArrived(error)) =>
        settle(() => {
          if (!this.#land(item, { isReturning: true })) return;
          noteFailure(error);
          if (isUncertain) this.#uncertain.add(item);
          this.#return(item, error);
        }),
      refused: (reason, error, isLasting = true) =>
        settle(() => {
          if (this.#land(item)) this.#outcomes.dropped(item, reason, error, isLasting);
        }),
    };
  }

  /** An outcome during `send` is delayed to the end of the turn, so that a flush in this turn counts it. */
  #settle(end: () => void): void {
    if (this.#isSending) void Promise.resolve().then(end);
    else end();
  }

  /** Removes an item from those in the library. Returns false if it was removed before. */
  #land(item: Item<Message>, { isReturning = false } = {}): boolean {
    if (!this.#inFlight.delete(item)) return false;
    if (!isReturning) this.#queue.release(item);
    this.#settledCount += 1;
    this.#wake();
    if (this.#waiting > 0) this.#runSoon();
    return true;
  }

  /** Puts an item back in order, and pauses hand-over, at least for as long as the service requests. */
  #return(item: Item<Message>, error: unknown): void {
    const place = this.#returned.findIndex(({ number }) => number > item.number);
    this.#returned.splice(place < 0 ? this.#returned.length : place, 0, item);
    const nowMs = this.#options.clock.monotonicMs();
    const askedMs = retryAfterOf(error);
    if (askedMs > 0) this.#askedUntilMs = Math.max(this.#askedUntilMs, nowMs + askedMs);
    if (this.#retry.isSet && nowMs + askedMs <= this.#retryDueMs) return;
    const delayMs = this.#retry.isSet ? askedMs : Math.max(this.#retryBackoff.nextMs(), askedMs);
    this.#retryDueMs = nowMs + delayMs;
    this.#retry.set(delayMs, () => this.#run());
  }

  /** Ends the pause, unless the service asked for it. */
  #retryNow(): void {
    if (this.#options.clock.monotonicMs() >= this.#askedUntilMs) this.#endRetryPause();
  }

  #endRetryPause(): void {
    this.#retry.cancel();
    this.#askedUntilMs = Number.NEGATIVE_INFINITY;
  }

  /** Tells the library to send until nothing is left. The pauses grow while nothing settles. */
  async #push(vendor: Vendor<Message>): Promise<void> {
    if (this.#isPushing) return;
    this.#isPushing = true;
    this.#flushBackoff.reset();
    while (this.#inFlight.size > 0 && this.#mustPush() && !this.#isAbandoned) {
      const settledBefore = this.#settledCount;
      this.#flushing = this.#flush(vendor);
      await this.#flushing;
      if (this.#settledCount === settledBefore) await this.#pause(this.#flushBackoff.nextMs());
      if (this.#settledCount !== settledBefore) this.#flushBackoff.reset();
      this.#send(vendor);
    }
    this.#isPushing = false;
  }

  async #flush(vendor: Vendor<Message>): Promise<void> {
    try {
      await vendor.flush();
    } catch (error) {
      this.#outcomes.report("flush", error);
    }
  }

  /** The user's instance sends at its own pace, unless a caller waits or its queue delays other events. */
  #mustPush(): boolean {
    return this.#options.owned || this.#isAwaited || this.#waiting > 0;
  }

  /** Waits. Ends early when an event settles or a caller starts to wait. */
  #pause(delayMs: number): Promise<void> {
    if (this.#isAbandoned) return Promise.resolve();
    return new Promise((resolve) => {
      this.#endPause = resolve;
      this.#nap.set(delayMs, resolve);
    });
  }

  #wake(): void {
    this.#nap.cancel();
    this.#endPause();
  }
}

/** Returns the delay that a service requested by `Retry-After`, at most five minutes. 0: none. */
function retryAfterOf(error: unknown): number {
  if (!SortitionError.is(error) || httpStatusOf(error) === null) return 0;
  return Math.min(MAX_RETRY_AFTER_MS, (error as HttpStatusError).retryAfterMs ?? 0); // errors with a status have this type
}
