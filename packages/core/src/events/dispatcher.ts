import type { EventKind } from "../delivery/logged-event.js";
import { Timer } from "../runtime/timer.js";
import type { DropReports } from "./drop-reports.js";
import {
  type ExposureTotals,
  isOwned,
  LoggerBook,
  type LoggerCounters,
  statsOf,
  sumOf,
} from "./logger-book.js";
import { type AcceptResult, LoggerQueue, type LoggerQueuePorts } from "./logger-queue.js";
import { type Loggers, type NamedLogger, nameLoggers } from "./loggers.js";
import type { PendingExposure } from "./pending-exposure.js";
import { NO_LOGGER, PreLoggerBuffer } from "./pre-logger-buffer.js";

/** `undefined`: not set yet, events are buffered; `null`: off, no events are built. */
export type LoggerSlot = Loggers | null | undefined;

/** Whether to build an event. `off`: no logger takes it; `full`: the pre-logger buffer is full. */
export type Readiness = "ready" | "off" | "full";

/**
 * Maximum number of queued events handed over in one turn. Without it, a logger that evaluates whenever it
 * is called would block the event loop.
 */
const MAX_PER_TURN = 1_000;

const RANKS: Readonly<Record<AcceptResult, number>> = {
  dropped: 0,
  failed: 1,
  queued: 2,
  delivered: 3,
};

/** Dependencies and callbacks of a {@link Dispatcher}. */
export interface DispatcherPorts extends Omit<LoggerQueuePorts, "onFree"> {
  /** Called with each queue that received an exposure and may have handed it over. */
  readonly onReceived?: ((queue: LoggerQueue) => void) | undefined;
}

/** Passes each exposure to every logger's queue, or to the pre-logger buffer while no logger is set. */
export class Dispatcher {
  readonly #ports: LoggerQueuePorts & DispatcherPorts;
  readonly #reports: DropReports;
  #buffer: PreLoggerBuffer | null = null;
  /** By name, so that a logger continues the counters of the one it replaces. */
  readonly #books: Map<string, LoggerBook>;
  readonly #isCopy: boolean;
  /** Queues of copies that are not idle. Shared, so that copies do not outlive their events. */
  readonly #ofCopies: Set<LoggerQueue>;
  /** Queues of replaced loggers that still have events or are closed with the client. */
  readonly #retired = new Set<LoggerQueue>();
  #queues: readonly LoggerQueue[] | null | undefined;
  #banditQueues: readonly LoggerQueue[] = [];
  /** Whether a logger is being called. Events of its own evaluations are queued until it returns. */
  #isDelivering = false;
  readonly #nextTurn: Timer;

  /** @param original - the dispatcher whose counters, buffer and flush are shared, see {@link copy}. */
  constructor(
    slot: LoggerSlot,
    ports: DispatcherPorts,
    reports: DropReports,
    original: Dispatcher | null = null,
  ) {
    this.#ports = { ...ports, onFree: (queue, upTo) => this.#pump(queue, upTo) };
    this.#reports = reports;
    this.#nextTurn = new Timer(ports.clock);
    this.#isCopy = original !== null;
    this.#books = original === null ? new Map() : original.#books;
    this.#ofCopies = original === null ? new Set() : original.#ofCopies;
    if (original !== null) this.#buffer = original.#preLoggerBuffer;
    if (slot !== undefined) this.#install(slot);
  }

  /** Queues of the current loggers, and of replaced loggers that still have events. */
  get queues(): readonly LoggerQueue[] {
    const unfinished = [...this.#retired].filter((queue) => !queue.isIdle);
    return [...new Set([...(this.#queues ?? []), ...unfinished, ...this.#ofCopies])];
  }

  /** Queues whose loggers are closed with the client. */
  get ownedQueues(): readonly LoggerQueue[] {
    return [...(this.#queues ?? []), ...this.#retired].filter(({ logger }) => isOwned(logger));
  }

  /** Number of events that are buffered until a logger is set. */
  get buffered(): number {
    return this.#buffer?.length ?? 0;
  }

  get counters(): Readonly<Record<string, LoggerCounters>> {
    this.endOverdue();
    this.#countNoLogger();
    const statsByName = this.#statsByName();
    const entries = [...this.#books].map(([name, book]) => {
      const stats = statsByName.get(name) ?? null;
      return [name, book.snapshot(stats, totalsOf(name, book, stats))] as const;
    });
    return Object.freeze(Object.fromEntries(entries));
  }

  get totals(): ExposureTotals {
    this.#countNoLogger();
    const statsByName = this.#statsByName();
    return sumOf(
      [...this.#books].map(([name, book]) => totalsOf(name, book, statsByName.get(name) ?? null)),
    );
  }

  /** Creates a dispatcher with its own loggers. A flush of one dispatcher waits for the events of all its copies. */
  copy(slot: LoggerSlot): Dispatcher {
    return dispatcherOf(slot, this.#ports, this.#reports, this);
  }

  readinessFor(kind: EventKind): Readiness {
    const queues = this.#queues;
    if (queues === null) return "off";
    if (queues === undefined) return this.#buffer?.isFull(kind) ? "full" : "ready";
    return kind === "assignment" || this.#banditQueues.length > 0 ? "ready" : "off";
  }

  /** Counts an exposure for which no event was built because the pre-logger buffer is full. */
  turnAway(): void {
    this.#buffer?.turnAway(); // exists, because it is full
  }

  /** Accepts an exposure for every logger that takes its kind. Returns the best result. */
  dispatch(exposure: PendingExposure): AcceptResult | "buffered" {
    if (this.#queues === undefined) {
      return this.#preLoggerBuffer.add(exposure) ? "buffered" : "dropped";
    }
    const answer = this.#offer(exposure);
    this.#pump();
    return answer;
  }

  /** Sets or replaces the loggers. Buffered events are handed over in order; `null` drops them. */
  setLoggers(loggers: Loggers | null): void {
    this.#countNoLogger();
    const former = this.#queues ?? [];
    this.#install(loggers);
    for (const queue of former) {
      if (!this.#queues?.includes(queue)) this.#retired.add(queue);
    }
    this.#forgetFinished();
    for (const exposure of this.#preLoggerBuffer.leave()) {
      if (this.readinessFor(exposure.kind) !== "ready") {
        this.#preLoggerBuffer.giveUp(exposure, "no-logger");
        continue;
      }
      this.#preLoggerBuffer.handOver();
      this.dispatch(exposure);
    }
  }

  /** Ends and reports overdue work by the clock. On some hosts timers die with the request that set them. */
  endOverdue(): void {
    for (const queue of this.queues) queue.endOverdue();
    this.#reports.sendOverdue();
  }

  /** Drops all events that were not delivered. */
  abandon(): void {
    this.#nextTurn.cancel();
    for (const exposure of this.#buffer?.leave() ?? []) this.#buffer?.giveUp(exposure, "closed");
    for (const queue of this.queues) queue.abandon();
  }

  /** Created on first use, because most clients never need it and startup is faster without it. */
  get #preLoggerBuffer(): PreLoggerBuffer {
    this.#buffer ??= new PreLoggerBuffer(this.#ports.limits.maxQueueBytes, this.#reports);
    return this.#buffer;
  }

  /** Returns the results of the current loggers' `stats()`. */
  #statsByName(): ReadonlyMap<string, object | null> {
    return new Map((this.#queues ?? []).map(({ name, logger }) => [name, statsOf(logger)]));
  }

  /** Adds `none` to the counters, before any logger, if no logger was set so far. */
  #countNoLogger(): void {
    if (this.#queues === undefined) this.#books.set(NO_LOGGER, this.#preLoggerBuffer.book);
  }

  #install(loggers: Loggers | null): void {
    this.#queues = loggers && nameLoggers(loggers).map((named) => this.#queueOf(named));
    this.#banditQueues = this.#queues?.filter((queue) => queue.takes("bandit")) ?? [];
  }

  /** Returns a logger's queue. A logger that was set before keeps its queue, so its events stay in order. */
  #queueOf(named: NamedLogger): LoggerQueue {
    const known = [...(this.#queues ?? []), ...this.#retired].find(
      ({ name, logger }) => name === named.name && logger === named.logger,
    );
    if (known !== undefined) {
      this.#retired.delete(known);
      return known;
    }
    const book = this.#books.get(named.name) ?? new LoggerBook();
    this.#books.set(named.name, book);
    return new LoggerQueue(named, book, this.#ports);
  }

  #offer(exposure: PendingExposure): AcceptResult {
    const queues = (exposure.kind === "bandit" ? this.#banditQueues : this.#queues) ?? [];
    exposure.openTo(queues.length);
    const mustWait = this.#isDelivering;
    this.#isDelivering = true;
    let best: AcceptResult = "dropped";
    try {
      for (const queue of queues) best = better(best, queue.accept(exposure, mustWait));
      if (!mustWait) for (const queue of queues) best = better(best, queue.sendAccepted());
    } finally {
      this.#isDelivering = mustWait;
    }
    for (const queue of queues) this.#ports.onReceived?.(queue);
    return best;
  }

  /**
   * Hands over queued events while loggers have free slots.
   *
   * @param limited - queue of which only events up to `upTo` are handed over.
   */
  #pump(limited: LoggerQueue | null = null, upTo = 0): void {
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    this.#nextTurn.cancel();
    const startNext = (queue: LoggerQueue): boolean =>
      queue.startNext(queue === limited ? upTo : Number.POSITIVE_INFINITY);
    let left = MAX_PER_TURN;
    try {
      let hasStarted = true;
      while (hasStarted && left > 0) {
        hasStarted = false;
        for (const queue of this.#queues ?? []) {
          while (left > 0 && startNext(queue)) {
            hasStarted = true;
            left -= 1;
          }
        }
        for (const queue of this.#retired) {
          while (left > 0 && startNext(queue)) {
            hasStarted = true;
            left -= 1;
          }
        }
      }
    } finally {
      this.#isDelivering = false;
    }
    if (left === 0) this.#nextTurn.set(0, () => this.#pump());
    if (this.#isCopy) this.#noteUnfinished();
    this.#forgetFinished();
  }

  #noteUnfinished(): void {
    for (const queue of [...(this.#queues ?? []), ...this.#retired]) {
      if (queue.isIdle) this.#ofCopies.delete(queue);
      else this.#ofCopies.add(queue);
    }
  }

  #forgetFinished(): void {
    for (const queue of this.#retired) {
      if (queue.isIdle && !isOwned(queue.logger)) this.#retired.delete(queue);
    }
  }
}

function totalsOf(name: string, book: LoggerBook, stats: object | null): ExposureTotals {
  return name === NO_LOGGER ? book.totalsOfRest() : book.totals(stats);
}

function better(a: AcceptResult, b: AcceptResult | null): AcceptResult {
  return b !== null && RANKS[b] > RANKS[a] ? b : a;
}

// Outside the class, because bundlers rename a class that refers to itself.
function dispatcherOf(...parts: ConstructorParameters<typeof Dispatcher>): Dispatcher {
  return new Dispatcher(...parts);
}
