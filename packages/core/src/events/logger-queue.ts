import { isThenable } from "../errors/guard.js";
import type { Clock } from "../runtime/clock.js";
import { EventQueue, type OverflowPolicy, type QueuedExposure } from "./event-queue.js";
import { estimateBytes } from "./event-size.js";
import type { ExposureDropReason } from "./exposure-drop-reason.js";
import { type FlushCounts, FlushWatch } from "./flush-watch.js";
import type { AssignmentLogger, NamedLogger } from "./logger.js";
import type { LoggerTally } from "./logger-counters.js";
import type { EventKind, PendingExposure } from "./pending-exposure.js";

/** How exposures are handed to a logger. */
export interface LoggerQueueLimits {
  /** Promises of one logger that are awaited at a time; further events wait in its queue. */
  readonly maxConcurrent: number;
  readonly maxQueueEvents: number;
  readonly maxQueueBytes: number;
  readonly overflow: OverflowPolicy;
  /** A promise that has not settled after so long counts as failed. */
  readonly loggerTimeoutMs: number;
}

/** What a queue reports to. */
export interface LoggerQueuePorts {
  readonly clock: Clock;
  readonly limits: LoggerQueueLimits;
  /** An exposure was lost; `cause` is what the logger threw or rejected with. */
  onDropped(
    queue: LoggerQueue,
    exposure: PendingExposure,
    reason: ExposureDropReason,
    cause: unknown,
  ): void;
  /** A promise has settled, so that the next event may start. */
  onFree(): void;
}

/** How far an exposure got in the turn in which it was offered. */
export type AcceptResult = "delivered" | "queued" | "failed" | "dropped";

interface Flight {
  readonly exposure: PendingExposure;
  readonly sequence: number;
  cancelTimer: () => void;
}

/** Hands exposures to one logger, in their order, and keeps account of each. */
export class LoggerQueue {
  readonly name: string;
  readonly logger: AssignmentLogger;
  readonly tally: LoggerTally;
  readonly #ports: LoggerQueuePorts;
  readonly #queue: EventQueue;
  readonly #flights = new Set<Flight>();
  readonly #watches = new Set<FlushWatch>();
  /** Number of the exposure that was accepted last. */
  #sequence = 0;
  /** How many of the accepted ones have been neither delivered nor dropped. */
  #unsettled = 0;
  /** The one that was accepted to be handed over in this turn. */
  #next: Omit<QueuedExposure, "sizeBytes"> | null = null;

  constructor({ name, logger }: NamedLogger, tally: LoggerTally, ports: LoggerQueuePorts) {
    const { maxQueueBytes, maxQueueEvents } = ports.limits;
    this.name = name;
    this.logger = logger;
    this.tally = tally;
    this.#ports = ports;
    this.#queue = new EventQueue({ maxEvents: maxQueueEvents, maxBytes: maxQueueBytes });
  }

  /** Whether nothing waits and no promise is open. */
  get isIdle(): boolean {
    return this.#unsettled === 0;
  }

  takes(kind: EventKind): boolean {
    return kind === "assignment" || typeof this.logger.logBanditAction === "function";
  }

  /**
   * Accepts an exposure. If the logger can have it at once the answer is `null`, and
   * {@link sendAccepted} follows, when all queues have accepted it: what the first logger evaluates when
   * it is called must not overtake it in the others.
   *
   * @param mustWait - whether a logger is being called right now.
   */
  accept(exposure: PendingExposure, mustWait: boolean): AcceptResult | null {
    this.tally.accepted += 1;
    this.#sequence += 1;
    this.#unsettled += 1;
    if (mustWait || this.#queue.length > 0 || !this.#hasSlot) {
      return this.#enqueue(exposure, this.#sequence);
    }
    this.#next = { exposure, sequence: this.#sequence };
    return null;
  }

  /** Hands over what was accepted to be handed over at once, if there is something. */
  sendAccepted(): AcceptResult | null {
    const next = this.#next;
    if (next === null) return null;
    this.#next = null;
    return this.#send(next.exposure, next.sequence);
  }

  /** Hands the oldest waiting exposure over; false if there is none, or no slot is free. */
  startNext(): boolean {
    if (!this.#hasSlot) return false;
    const next = this.#dequeue();
    if (next === undefined) return false;
    this.#send(next.exposure, next.sequence);
    return true;
  }

  /** Waits until everything that was accepted so far has settled, or `expired` resolves. */
  async settle(expired: Promise<void>): Promise<FlushCounts> {
    const watch = new FlushWatch(this.#sequence, this.#unsettled);
    this.#watches.add(watch);
    try {
      await Promise.race([watch.settled, expired]);
      return watch.counts;
    } finally {
      this.#watches.delete(watch);
    }
  }

  /** Drops what has not been delivered; what becomes of open promises is ignored from now on. */
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
        this.#await(result, { exposure, sequence, cancelTimer: () => {} });
        return "queued";
      }
    } catch (cause) {
      this.#drop(exposure, sequence, "logger-threw", cause);
      return "failed";
    }
    this.#deliver(exposure, sequence);
    return "delivered";
  }

  #await(result: PromiseLike<unknown>, flight: Flight): void {
    const { clock, limits, onFree } = this.#ports;
    const { loggerTimeoutMs } = limits;
    const end = (reason: ExposureDropReason | null, cause: unknown): void => {
      if (this.#land(flight, reason, cause)) onFree();
    };
    // First, since the `then` of a foreign promise may throw.
    Promise.resolve(result).then(
      () => end(null, null),
      (cause: unknown) => end("logger-rejected", cause),
    );
    this.#flights.add(flight);
    this.tally.inFlight += 1;
    flight.cancelTimer = clock.setTimer(() => end("logger-timeout", null), loggerTimeoutMs, {
      holdsProcess: false,
    });
  }

  /** Returns false if the flight has landed before: the outcome comes too late. */
  #land(flight: Flight, reason: ExposureDropReason | null, cause: unknown): boolean {
    if (!this.#flights.delete(flight)) return false;
    flight.cancelTimer();
    this.tally.inFlight -= 1;
    if (reason === null) this.#deliver(flight.exposure, flight.sequence);
    else this.#drop(flight.exposure, flight.sequence, reason, cause);
    return true;
  }

  #enqueue(exposure: PendingExposure, sequence: number): AcceptResult {
    const isDroppingOldest = this.#ports.limits.overflow === "drop-oldest";
    // Asked before the size is known, since finding it out takes longer than everything else here.
    if (this.#queue.isFull && !isDroppingOldest) {
      this.#drop(exposure, sequence, "overflow", null);
      return "dropped";
    }
    exposure.detach();
    const sizeBytes = estimateBytes(exposure.event);
    if (!this.#queue.canHold(sizeBytes)) {
      this.#drop(exposure, sequence, "too-large", null);
      return "dropped";
    }
    while (!this.#queue.hasRoomFor(sizeBytes)) {
      const oldest = isDroppingOldest ? this.#dequeue() : undefined;
      if (oldest === undefined) {
        this.#drop(exposure, sequence, "overflow", null);
        return "dropped";
      }
      this.#drop(oldest.exposure, oldest.sequence, "overflow", null);
    }
    this.#queue.push({ exposure, sequence, sizeBytes });
    this.tally.queued += 1;
    this.tally.queuedBytes += sizeBytes;
    return "queued";
  }

  #dequeue(): QueuedExposure | undefined {
    const item = this.#queue.shift();
    if (item === undefined) return undefined;
    this.tally.queued -= 1;
    this.tally.queuedBytes -= item.sizeBytes;
    return item;
  }

  #deliver(exposure: PendingExposure, sequence: number): void {
    this.tally.delivered += 1;
    this.#unsettled -= 1;
    exposure.settle(true);
    for (const watch of this.#watches) watch.note(sequence, null);
  }

  #drop(
    exposure: PendingExposure,
    sequence: number,
    reason: ExposureDropReason,
    cause: unknown,
  ): void {
    this.tally.dropped[reason] += 1;
    this.#unsettled -= 1;
    exposure.settle(false);
    for (const watch of this.#watches) watch.note(sequence, reason);
    this.#ports.onDropped(this, exposure, reason, cause);
  }
}
