import type { AssignmentEvent, BanditEvent } from "../model/exposure.js";
import type { Ending } from "./flush-window.js";
import type { LoggerErrorStage, ResolvedLoggerOptions } from "./options.js";
import type { RingBuffer } from "./ring-buffer.js";
import type { Settle, Vendor, VendorPlan } from "./vendor.js";

/** An event on its way. */
export interface Item<Message> {
  /** Counts events from 1. */
  readonly number: number;
  readonly message: Message;
  readonly event: AssignmentEvent | BanditEvent;
}

/** Who is told what became of the items. */
interface Observer<Message> {
  ended(item: Item<Message>, ending: Ending): void;
  report(stage: LoggerErrorStage, error: unknown, item?: Item<Message>): void;
}

/** First pause after an attempt that delivered nothing; doubled each time. */
const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 60_000;

/**
 * Hands waiting events to the vendor's library in order, in slices that keep the library's own queue
 * short, and asks it to send: always if the instance is ours, else only while somebody waits for it.
 */
export class DeliveryLoop<Message> {
  readonly #plan: VendorPlan<Message>;
  readonly #waiting: RingBuffer<Item<Message>>;
  readonly #options: ResolvedLoggerOptions;
  readonly #observer: Observer<Message>;
  readonly #inFlight = new Set<Item<Message>>();
  #vendor: Vendor<Message> | undefined;
  #opening: Promise<void> | undefined;
  /** Events up to this number may be handed over. */
  #released = 0;
  #last = 0;
  #isScheduled = false;
  #cancelTimer: (() => void) | undefined;
  #isPushing = false;
  #isAwaited = false;
  #isAbandoned = false;
  #settledCount = 0;
  #pauseMs = FIRST_PAUSE_MS;
  #flushing: Promise<void> = Promise.resolve();
  #wake: () => void = () => {};

  constructor(
    plan: VendorPlan<Message>,
    waiting: RingBuffer<Item<Message>>,
    options: ResolvedLoggerOptions,
    observer: Observer<Message>,
  ) {
    this.#plan = plan;
    this.#waiting = waiting;
    this.#options = options;
    this.#observer = observer;
  }

  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** An event came: hands over when there are enough, or after a while, but never in the caller's turn. */
  schedule(lastNumber: number): void {
    this.#last = lastNumber;
    if (this.#waiting.size >= this.#plan.handOverAt) {
      this.#released = lastNumber;
      this.#runSoon();
    } else if (this.#cancelTimer === undefined) {
      const onTime = (): void => {
        this.#cancelTimer = undefined;
        this.#released = this.#last;
        this.#run();
      };
      const { clock } = this.#options;
      this.#cancelTimer = clock.setTimer(onTime, this.#plan.flushIntervalMs, {
        holdsProcess: false,
      });
    }
  }

  /** Hands over everything up to this number, and keeps asking the library to send it, until `relax`. */
  release(lastNumber: number): void {
    this.#isAwaited = true;
    this.#pauseMs = FIRST_PAUSE_MS;
    this.#released = Math.max(this.#released, lastNumber);
    this.#run();
    this.#wake();
  }

  /** Nobody waits any more. */
  relax(): void {
    this.#isAwaited = false;
  }

  /**
   * Resolves when the library has ended the flush it was asked for: until then it may ignore those of
   * its owner.
   */
  get flushed(): Promise<void> {
    return this.#flushing;
  }

  /** Ends all hand-over, and returns what was not settled. What settles later is ignored. */
  abandon(): readonly Item<Message>[] {
    this.#isAbandoned = true;
    this.#cancelTimer?.();
    const left = [...this.#inFlight];
    this.#inFlight.clear();
    for (let item = this.#waiting.shift(); item !== undefined; item = this.#waiting.shift()) {
      left.push(item);
    }
    this.#wake();
    return left;
  }

  /** Closes the vendor's instance, if it is ours and was made. Never rejects. */
  async closeVendor(timeoutMs: number): Promise<void> {
    try {
      await this.#opening;
      await this.#vendor?.close?.(timeoutMs);
    } catch (error) {
      this.#observer.report("close", error);
    }
  }

  #runSoon(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    void Promise.resolve().then(() => {
      this.#isScheduled = false;
      this.#run();
    });
  }

  #run(): void {
    if (this.#isAbandoned || this.#waiting.size + this.#inFlight.size === 0) return;
    if (this.#vendor === undefined) {
      this.#open();
      return;
    }
    this.#send(this.#vendor);
    void this.#push(this.#vendor);
  }

  #open(): void {
    this.#opening ??= this.#makeVendor().then((vendor) => {
      this.#vendor = vendor;
      this.#run();
    });
  }

  /** A library that cannot be had fails each event, so that they are counted and do not pile up. */
  async #makeVendor(): Promise<Vendor<Message>> {
    try {
      return await this.#plan.open();
    } catch (error) {
      this.#observer.report("open", error);
      return {
        send: (_, settle) => settle.failed(error),
        flush: async () => {},
      };
    }
  }

  #send(vendor: Vendor<Message>): void {
    while (this.#inFlight.size < this.#plan.maxInFlight) {
      const item = this.#waiting.peek();
      if (item === undefined || item.number > this.#released) return;
      this.#waiting.shift();
      this.#inFlight.add(item);
      const settle = this.#settleOf(item);
      try {
        vendor.send(item.message, settle);
      } catch (error) {
        this.#settle(item, "failed", () => this.#observer.report("send", error, item));
      }
    }
  }

  #settleOf(item: Item<Message>): Settle {
    return {
      delivered: () => this.#settle(item, "delivered"),
      failed: (error) =>
        this.#settle(item, "failed", () => this.#observer.report("deliver", error, item)),
    };
  }

  #settle(item: Item<Message>, ending: Ending, report?: () => void): void {
    if (!this.#inFlight.delete(item)) return;
    this.#settledCount += 1;
    this.#observer.ended(item, ending);
    report?.();
    this.#wake();
    if (this.#waiting.size > 0) this.#runSoon();
  }

  /** Asks the library to send until nothing is left, with pauses that grow while nothing is delivered. */
  async #push(vendor: Vendor<Message>): Promise<void> {
    if (this.#isPushing) return;
    this.#isPushing = true;
    this.#pauseMs = FIRST_PAUSE_MS;
    while (this.#inFlight.size > 0 && this.#mustPush() && !this.#isAbandoned) {
      const settledBefore = this.#settledCount;
      this.#flushing = this.#flush(vendor);
      await this.#flushing;
      if (this.#settledCount === settledBefore) {
        const delayMs = this.#pauseMs * (1 + this.#options.random() / 2);
        this.#pauseMs = Math.min(MAX_PAUSE_MS, this.#pauseMs * 2);
        await this.#pause(delayMs);
      }
      if (this.#settledCount !== settledBefore) this.#pauseMs = FIRST_PAUSE_MS;
      this.#send(vendor);
    }
    this.#isPushing = false;
  }

  async #flush(vendor: Vendor<Message>): Promise<void> {
    try {
      await vendor.flush();
    } catch (error) {
      this.#observer.report("flush", error);
    }
  }

  /** The user's own instance keeps its own pace, unless somebody waits, or its queue holds others up. */
  #mustPush(): boolean {
    return this.#plan.owned || this.#isAwaited || this.#waiting.size > 0;
  }

  /** Ends early when something settles, or somebody begins to wait. */
  #pause(delayMs: number): Promise<void> {
    if (this.#isAbandoned) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#options.clock.setTimer(resolve, delayMs, { holdsProcess: false });
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }
}
