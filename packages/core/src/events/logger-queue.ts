import type { AssignmentLogger } from "../delivery/assignment-logger.js";
import { BoundedQueue, type OverflowPolicy } from "../delivery/bounded-queue.js";
import { type FlushCounts, FlushWindows } from "../delivery/flush-window.js";
import type { EventKind } from "../delivery/logged-event.js";
import { isThenable } from "../errors/guard.js";
import type { Clock } from "../runtime/clock.js";
import type { Deadline } from "../runtime/deadline.js";
import { type ExposureDropReason, isLoggerFailure } from "./exposure-drop-reason.js";
import { FlushTurns } from "./flush-turns.js";
import type { LoggerTally } from "./logger-counters.js";
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

/** An exposure whose promise has not settled. */
interface Flight extends Accepted {
  /** Whether the logger received the event without some attributes. */
  readonly isInPart: boolean;
  /** Monotonic ms after which it is treated as failed. Its timer may die with the request that set it. */
  readonly dueAtMs: number;
  cancelTimer: () => void;
}

/** Hands exposures to one logger in order, and counts the outcome of each. */
export class LoggerQueue {
  readonly name: string;
  readonly logger: AssignmentLogger;
  readonly tally: LoggerTally;
  readonly #ports: LoggerQueuePorts;
  readonly #queue: BoundedQueue<Queued>;
  readonly #flights = new Set<Flight>();
  readonly #windows = new FlushWindows();
  readonly #turns = new FlushTurns();
  /** The exposure accepted for hand-over in this turn. */
  #next: Accepted | null = null;

  constructor({ name, logger }: NamedLogger, tally: LoggerTally, ports: LoggerQueuePorts) {
    const { maxQueueBytes: maxBytes, maxQueueEvents: maxItems, overflow } = ports.limits;
    this.name = name;
    this.logger = logger;
    this.tally = tally;
    this.#ports = ports;
    this.#queue = new BoundedQueue({ maxItems, maxBytes, overflow });
  }

  /** Whether no exposure is queued and no promise is pending. */
  get isIdle(): boolean {
    return this.#windows.unsettled === 0;
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
    this.tally.ended.accepted += 1;
    const sequence = this.#windows.accept();
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
    const window = this.#windows.open();
    const turn = this.#turns.open(this.#windows.last, () => this.#windows.close(window));
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
      this.#windows.close(window);
    }
  }

  /** Ends overdue promises and flushes without relying on their timers. */
  endOverdue(): void {
    const nowMs = this.#ports.clock.monotonicMs();
    for (const flight of this.#flights) {
      if (flight.dueAtMs > nowMs) break; // ordered by due time
      this.#land(flight, "logger-timeout", null);
    }
    this.#turns.endOverdue(nowMs);
  }

  /** Drops all undelivered exposures, and ignores pending promises from now on. */
  abandon(): void {
    for (const flight of [...this.#flights]) this.#land(flight, "closed", null);
    for (let item = this.#dequeue(); item !== undefined; item = this.#dequeue()) {
      this.#drop(item.exposure, item.sequence, "closed", null);
    }
  }

  get #hasSlot(): boolean {
    return this.#flights.size < this.#ports.limits.maxConcurrent;
  }

  #send(exposure: PendingExposure, sequence: number): AcceptResult {
    let result: unknown;
    try {
      result = exposure.sendTo(this.logger);
      if (isThenable(result)) {
        this.#await(result, { exposure, sequence }, false);
        return "queued";
      }
    } catch (cause) {
      return this.#sendInPart(exposure, sequence, "logger-threw", cause);
    }
    this.#deliver(exposure, sequence);
    return "delivered";
  }

  /**
   * Calls a failed logger again without the attributes that JSON cannot express, such as a BigInt, because most loggers
   * serialize events. If there are no such attributes, the exposure is lost.
   */
  #sendInPart(
    exposure: PendingExposure,
    sequence: number,
    reason: "logger-threw" | "logger-rejected",
    cause: unknown,
  ): AcceptResult {
    const event = exposure.expressibleEvent;
    if (event === null) {
      this.#drop(exposure, sequence, reason, cause);
      return "failed";
    }
    try {
      const result: unknown = this.logger.logAssignment(event);
      if (isThenable(result)) {
        this.#await(result, { exposure, sequence }, true);
        return "queued";
      }
    } catch (second) {
      this.#drop(exposure, sequence, "logger-threw", second);
      return "failed";
    }
    this.#deliverInPart(exposure, sequence);
    return "delivered";
  }

  #await(result: PromiseLike<unknown>, taken: Accepted, isInPart: boolean): void {
    const { clock, limits } = this.#ports;
    const { loggerTimeoutMs } = limits;
    const flight: Flight = {
      ...taken,
      isInPart,
      dueAtMs: clock.monotonicMs() + loggerTimeoutMs,
      cancelTimer: () => {},
    };
    const end = (reason: ExposureDropReason | null, cause: unknown): void => {
      if (this.#land(flight, reason, cause)) this.#free();
    };
    // Wrapped first, because the `then` of a foreign promise may throw.
    Promise.resolve(result).then(
      () => end(null, null),
      (cause: unknown) => {
        const { exposure, sequence } = flight;
        if (isInPart) end("logger-rejected", cause);
        else if (this.#leave(flight)) {
          this.#sendInPart(exposure, sequence, "logger-rejected", cause);
          this.#free();
        }
      },
    );
    this.#flights.add(flight);
    this.tally.inFlight += 1;
    flight.cancelTimer = clock.setTimer(() => end("logger-timeout", null), loggerTimeoutMs, {
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
  #land(flight: Flight, reason: ExposureDropReason | null, cause: unknown): boolean {
    if (!this.#leave(flight)) return false;
    if (reason === null && flight.isInPart) this.#deliverInPart(flight.exposure, flight.sequence);
    else if (reason === null) this.#deliver(flight.exposure, flight.sequence);
    else this.#drop(flight.exposure, flight.sequence, reason, cause);
    return true;
  }

  /** Returns false if the flight had already ended. */
  #leave(flight: Flight): boolean {
    if (!this.#flights.delete(flight)) return false;
    flight.cancelTimer();
    this.tally.inFlight -= 1;
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
    this.tally.queued += 1;
    this.tally.queuedBytes += sizeBytes;
    return "queued";
  }

  #dequeue(): Queued | undefined {
    const item = this.#queue.shift();
    if (item !== undefined) this.#uncount(item);
    return item;
  }

  #uncount({ sizeBytes }: Queued): void {
    this.tally.queued -= 1;
    this.tally.queuedBytes -= sizeBytes;
  }

  #deliver(exposure: PendingExposure, sequence: number): void {
    this.tally.ended.delivered += 1;
    this.#windows.end(sequence, "delivered");
    exposure.settle(true);
  }

  #deliverInPart(exposure: PendingExposure, sequence: number): void {
    this.tally.deliveredInPart += 1;
    this.#deliver(exposure, sequence);
    this.#ports.onDeliveredInPart(this, exposure);
  }

  #drop(
    exposure: PendingExposure,
    sequence: number,
    reason: ExposureDropReason,
    cause: unknown,
  ): void {
    this.tally.ended.lose(reason);
    this.#windows.end(sequence, isLoggerFailure(reason) ? "failed" : "dropped");
    exposure.settle(false);
    this.#ports.onDropped(this, exposure, reason, cause);
  }
}
