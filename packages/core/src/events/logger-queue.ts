import type { AssignmentLogger } from "../delivery/assignment-logger.js";
import { BoundedQueue, type OverflowPolicy } from "../delivery/bounded-queue.js";
import { type FlushCounts, Ledger } from "../delivery/ledger.js";
import type { EventKind } from "../delivery/logged-event.js";
import { type Book, HeldReceipt, type Receipt, setBook } from "../delivery/receipt.js";
import { isThenable } from "../errors/guard.js";
import type { AssignmentEvent } from "../model/exposure.js";
import type { Clock } from "../runtime/clock.js";
import type { Deadline } from "../runtime/deadline.js";
import { type ExposureDropReason, isLoggerFailure } from "./exposure-drop-reason.js";
import { FlushTurns } from "./flush-turns.js";
import type { LoggerBook } from "./logger-book.js";
import type { NamedLogger } from "./loggers.js";
import type { PendingExposure } from "./pending-exposure.js";

export interface LoggerQueueLimits {
  /** Maximum number of pending promises per logger. Further events wait in its queue. */
  readonly maxConcurrent: number;
  readonly maxQueueEvents: number;
  readonly maxQueueBytes: number;
  readonly overflow: OverflowPolicy;
  /** A promise that has not settled after this time is treated as failed. */
  readonly loggerTimeoutMs: number;
}

/** Limits of a client without these options. */
export const DEFAULT_LIMITS: LoggerQueueLimits = {
  maxConcurrent: 16,
  maxQueueEvents: 10_000,
  maxQueueBytes: 8 * 1024 * 1024,
  overflow: "drop-newest",
  loggerTimeoutMs: 10_000,
};

/** Without a limit, a logger that evaluates flags with itself would be called without end. */
const MAX_DEPTH = 8;

/** If a flush is overdue by this long, its request has ended without it. */
const GRACE_MS = 1_000;

/** Dependencies and callbacks of a queue. */
export interface LoggerQueuePorts {
  readonly clock: Clock;
  readonly limits: LoggerQueueLimits;
  /** Called when an exposure was lost. `cause` is the error that the logger threw or rejected with. */
  onDropped(
    queue: LoggerQueue,
    exposure: PendingExposure,
    reason: ExposureDropReason,
    cause: unknown,
  ): void;
  /** Called when a logger failed with an event but took it without the attributes that JSON cannot express. */
  onDeliveredInPart(queue: LoggerQueue, exposure: PendingExposure): void;
  /** Called when a promise has settled, so that the next events up to this number may be handed over. */
  onFree(queue: LoggerQueue, upTo: number): void;
}

/** Result of accepting an exposure, in the same turn. */
export type AcceptResult = "delivered" | "queued" | "failed" | "dropped";

/** An exposure with its sequence number in the queue. */
interface Accepted {
  readonly exposure: PendingExposure;
  readonly sequence: number;
}

interface Queued extends Accepted {
  readonly sizeBytes: number;
}

/** An exposure that the logger received. */
interface Taken extends Accepted {
  /** Whether the logger received the event without some attributes. */
  readonly isInPart: boolean;
  /** `null`: the logger did not claim it. */
  readonly receipt: HeldReceipt | null;
}

/** An exposure whose promise has not settled. */
interface Flight extends Taken {
  /** Monotonic ms after which it is treated as failed. Its timer may die with the request that set it. */
  readonly dueAtMs: number;
  cancelTimer: () => void;
}

/** Hands exposures to one logger in order, and counts the outcome of each. */
export class LoggerQueue implements Book {
  readonly name: string;
  readonly logger: AssignmentLogger;
  readonly book: LoggerBook;
  readonly #ports: LoggerQueuePorts;
  readonly #ledger: Ledger<ExposureDropReason>;
  readonly #queue: BoundedQueue<Queued>;
  readonly #flights = new Set<Flight>();
  /** Claimed by the logger that is being called. */
  #claimed: HeldReceipt | null = null;
  readonly #turns = new FlushTurns();
  /** The exposure accepted for hand-over in this turn. */
  #next: Accepted | null = null;

  constructor({ name, logger }: NamedLogger, book: LoggerBook, ports: LoggerQueuePorts) {
    const { maxQueueBytes: maxBytes, maxQueueEvents: maxItems, overflow } = ports.limits;
    this.name = name;
    this.logger = logger;
    this.book = book;
    this.#ledger = new Ledger(book.counts, isLoggerFailure);
    this.#ports = ports;
    this.#queue = new BoundedQueue({ maxItems, maxBytes, overflow });
  }

  /** Whether no exposure is queued and no promise is pending. */
  get isIdle(): boolean {
    return this.#ledger.waiting === 0;
  }

  claim(): Receipt {
    this.#claimed = new HeldReceipt(this.book.later);
    return this.#claimed;
  }

  takes(kind: EventKind): boolean {
    return kind === "assignment" || typeof this.logger.logBanditAction === "function";
  }

  /**
   * Accepts an exposure. Returns `null` if the logger can receive it immediately. The caller then calls
   * {@link sendAccepted} after all queues have accepted it, so that an exposure caused by the first logger
   * cannot overtake this one in the other queues.
   *
   * @param mustWait - whether a logger is currently being called.
   */
  accept(exposure: PendingExposure, mustWait: boolean): AcceptResult | null {
    if (this.#flights.size > 0) this.endOverdue();
    const sequence = this.#ledger.accept();
    if (exposure.depth > MAX_DEPTH) {
      this.#drop(exposure, sequence, "too-deep", null);
      return "dropped";
    }
    if (mustWait || this.#queue.length > 0 || !this.#hasSlot) {
      return this.#enqueue(exposure, sequence);
    }
    this.#next = { exposure, sequence };
    return null;
  }

  /** Hands over the exposure for which {@link accept} returned `null`, if any. */
  sendAccepted(): AcceptResult | null {
    const next = this.#next;
    if (next === null) return null;
    this.#next = null;
    return this.#send(next.exposure, next.sequence);
  }

  /** Hands over the oldest queued exposure. Returns false if there is none up to this number or no slot is free. */
  startNext(upTo: number): boolean {
    if (!this.#hasSlot) return false;
    const next = this.#queue.peek();
    if (next === undefined || next.sequence > upTo) return false;
    this.#dequeue();
    this.#send(next.exposure, next.sequence);
    return true;
  }

  /**
   * Hands over the queued exposures, and waits until all exposures accepted so far have settled, or until the deadline,
   * if there is one.
   */
  async settle(deadline: Deadline | null): Promise<FlushCounts> {
    const { clock, limits, onFree } = this.#ports;
    const window = this.#ledger.open();
    const turn = this.#turns.open(window.upTo, () => window.close());
    const ends = deadline === null ? [window.done] : [window.done, deadline.expired];
    let isOver = window.counts.pending === 0;
    const over = Promise.race(ends).then(() => {
      isOver = true;
    });
    try {
      while (!isOver) {
        this.endOverdue();
        onFree(this, turn.upTo);
        const isWoken = turn.next();
        const limitMs = deadline?.remainingMs() ?? limits.loggerTimeoutMs;
        turn.dueAtMs = clock.monotonicMs() + limitMs + GRACE_MS;
        // Another request's promise may occupy a slot until it times out, and never wake this flush.
        const cancel = clock.setTimer(turn.wake, limits.loggerTimeoutMs, { holdsProcess: false });
        await Promise.race([over, isWoken]);
        cancel();
      }
      return window.counts;
    } finally {
      this.#turns.close(turn);
      window.close();
    }
  }

  /** Ends overdue promises and flushes without relying on their timers. */
  endOverdue(): void {
    const nowMs = this.#ports.clock.monotonicMs();
    for (const flight of this.#flights) {
      if (flight.dueAtMs > nowMs) break; // ordered by due time
      this.#land(flight, "logger-timeout");
    }
    this.#turns.endOverdue(nowMs);
  }

  /** Drops all undelivered exposures, and ignores pending promises from now on. */
  abandon(): void {
    for (const flight of [...this.#flights]) this.#land(flight, "closed");
    for (let item = this.#dequeue(); item !== undefined; item = this.#dequeue()) {
      this.#drop(item.exposure, item.sequence, "closed", null);
    }
  }

  get #hasSlot(): boolean {
    return this.#flights.size < this.#ports.limits.maxConcurrent;
  }

  /** @param event - sent instead of the exposure's own event, without the attributes that JSON cannot express. */
  #send(
    exposure: PendingExposure,
    sequence: number,
    event: AssignmentEvent | null = null,
  ): AcceptResult {
    const isInPart = event !== null;
    const former = setBook(this);
    let result: unknown;
    let isPending = false;
    let failure: { readonly cause: unknown } | null = null;
    try {
      result = exposure.sendTo(this.logger, event);
      isPending = isThenable(result); // may throw
    } catch (cause) {
      failure = { cause };
    }
    setBook(former); // before any callback of the user
    const receipt = this.#claimed;
    this.#claimed = null;
    if (failure !== null) {
      receipt?.release();
      return this.#sendInPart({ exposure, sequence, isInPart }, "logger-threw", failure.cause);
    }
    if (isPending) {
      this.#await(result as PromiseLike<unknown>, { exposure, sequence, isInPart, receipt });
      return "queued";
    }
    this.#deliver({ exposure, sequence, isInPart, receipt });
    return "delivered";
  }

  /**
   * Calls a failed logger again without the attributes that JSON cannot express, such as a BigInt, because most loggers
   * serialize events. If there are no such attributes, or it has been called again, the exposure is lost.
   */
  #sendInPart(
    { exposure, isInPart, sequence }: Omit<Taken, "receipt">,
    reason: "logger-threw" | "logger-rejected",
    cause: unknown,
  ): AcceptResult {
    const event = isInPart ? null : exposure.expressibleEvent;
    if (event !== null) return this.#send(exposure, sequence, event);
    this.#drop(exposure, sequence, reason, cause);
    return "failed";
  }

  #await(result: PromiseLike<unknown>, taken: Taken): void {
    const { clock, limits } = this.#ports;
    const { loggerTimeoutMs } = limits;
    const flight: Flight = {
      ...taken,
      dueAtMs: clock.monotonicMs() + loggerTimeoutMs,
      cancelTimer: () => {},
    };
    const end = (reason: "logger-timeout" | null): void => {
      if (this.#land(flight, reason)) this.#free();
    };
    // Wrapped first, because the `then` of a foreign promise may throw.
    Promise.resolve(result).then(
      () => end(null),
      (cause: unknown) => {
        if (!this.#leave(flight)) return;
        flight.receipt?.release();
        this.#sendInPart(flight, "logger-rejected", cause);
        this.#free();
      },
    );
    this.#flights.add(flight);
    this.book.inFlight += 1;
    flight.cancelTimer = clock.setTimer(() => end("logger-timeout"), loggerTimeoutMs, {
      holdsProcess: false,
    });
  }

  /** Called when a slot is free. A flush that waits for the next exposure hands it over. Otherwise this does. */
  #free(): void {
    const next = this.#queue.peek();
    if (next === undefined || !this.#turns.wake(next.sequence)) {
      this.#ports.onFree(this, Number.POSITIVE_INFINITY);
    }
  }

  /** Returns false if the flight had already ended, so that this outcome is too late. */
  #land(flight: Flight, reason: ExposureDropReason | null): boolean {
    if (!this.#leave(flight)) return false;
    if (reason === null) this.#deliver(flight);
    else {
      flight.receipt?.release();
      this.#drop(flight.exposure, flight.sequence, reason, null);
    }
    return true;
  }

  /** Returns false if the flight had already ended. */
  #leave(flight: Flight): boolean {
    if (!this.#flights.delete(flight)) return false;
    flight.cancelTimer();
    this.book.inFlight -= 1;
    return true;
  }

  #enqueue(exposure: PendingExposure, sequence: number): AcceptResult {
    // Checked before the size is estimated, because the estimate takes longer than everything else here.
    if (this.#queue.refusesAll) {
      this.#drop(exposure, sequence, "overflow", null);
      return "dropped";
    }
    exposure.detach();
    const { sizeBytes } = exposure;
    const refusal = this.#queue.offer({ exposure, sequence, sizeBytes }, (oldest) => {
      this.#uncount(oldest);
      this.#drop(oldest.exposure, oldest.sequence, "overflow", null);
    });
    if (refusal !== null) {
      this.#drop(exposure, sequence, refusal, null);
      return "dropped";
    }
    this.book.queued += 1;
    this.book.queuedBytes += sizeBytes;
    return "queued";
  }

  #dequeue(): Queued | undefined {
    const item = this.#queue.shift();
    if (item !== undefined) this.#uncount(item);
    return item;
  }

  #uncount({ sizeBytes }: Queued): void {
    this.book.queued -= 1;
    this.book.queuedBytes -= sizeBytes;
  }

  #deliver({ exposure, isInPart, receipt, sequence }: Taken): void {
    if (isInPart) this.book.deliveredInPart += 1;
    this.#ledger.deliver(sequence);
    if (receipt === null || !exposure.isReserved || this.logger.remembersLosses === true) {
      receipt?.take(null);
      exposure.end("delivered");
    } else {
      exposure.hold();
      receipt.take(exposure);
    }
    if (isInPart) this.#ports.onDeliveredInPart(this, exposure);
  }

  #drop(
    exposure: PendingExposure,
    sequence: number,
    reason: ExposureDropReason,
    cause: unknown,
  ): void {
    this.#ledger.drop(sequence, reason);
    exposure.end("dropped");
    this.#ports.onDropped(this, exposure, reason, cause);
  }
}
