import type { EventKind } from "../delivery/logged-event.js";
import type { DropReports } from "./drop-reports.js";
import {
  type ExposureTotals,
  sumOf,
  totalsOf,
  totalsWithDownstream,
  totalsWithoutHandedOver,
} from "./exposure-totals.js";
import { type LoggerCounters, LoggerTally } from "./logger-counters.js";
import { isOwned, statsOf } from "./logger-facts.js";
import { type AcceptResult, LoggerQueue, type LoggerQueuePorts } from "./logger-queue.js";
import { type Loggers, type NamedLogger, nameLoggers } from "./loggers.js";
import type { PendingExposure } from "./pending-exposure.js";
import { NO_LOGGER, PreLoggerBuffer } from "./pre-logger-buffer.js";

/** `undefined`: not set yet, buffer events; `null`: off, build no events. */
export type LoggerSlot = Loggers | null | undefined;

/** Whether an event should be built: `off`: no logger takes it; `full`: the pre-logger buffer is full. */
export type Readiness = "ready" | "off" | "full";

/**
 * Queued events handed over in one turn. Without this limit, a logger that evaluates whenever it is
 * called would block the event loop.
 */
const MAX_PER_TURN = 1_000;

const RANKS: Readonly<Record<AcceptResult, number>> = {
  dropped: 0,
  failed: 1,
  queued: 2,
  delivered: 3,
};

/** Dependencies of a {@link Dispatcher}, and its callbacks. */
export interface DispatcherPorts extends Omit<LoggerQueuePorts, "onFree"> {
  /** Called with each queue that has received an exposure, and may have handed it over. */
  readonly onReceived?: ((queue: LoggerQueue) => void) | undefined;
}

/** Gives each exposure to the queue of every logger, or to the pre-logger buffer while no logger is set. */
export class Dispatcher {
  readonly #ports: LoggerQueuePorts & DispatcherPorts;
  readonly #reports: DropReports;
  #buffer: PreLoggerBuffer | null = null;
  /** By name: a logger that replaces one of the same name continues its counters. */
  readonly #tallies: Map<string, LoggerTally>;
  readonly #isCopy: boolean;
  /** Queues of copies that are not idle: shared, so that no copy is kept for longer than its events. */
  readonly #ofCopies: Set<LoggerQueue>;
  /** Queues of replaced loggers that have events left to deliver, or are closed with the client. */
  readonly #retired = new Set<LoggerQueue>();
  #queues: readonly LoggerQueue[] | null | undefined;
  #banditQueues: readonly LoggerQueue[] = [];
  /** Whether a logger is being called: events of its own evaluations are queued until it has returned. */
  #isDelivering = false;
  #cancelNextTurn: (() => void) | null = null;

  /** @param original - shares its counters, its buffer and its flush; see {@link copy}. */
  constructor(
    slot: LoggerSlot,
    ports: DispatcherPorts,
    reports: DropReports,
    original: Dispatcher | null = null,
  ) {
    this.#ports = { ...ports, onFree: (queue, upTo) => this.#pump(queue, upTo) };
    this.#reports = reports;
    this.#isCopy = original !== null;
    this.#tallies = original === null ? new Map() : original.#tallies;
    this.#ofCopies = original === null ? new Set() : original.#ofCopies;
    if (original !== null) this.#buffer = original.#preLoggerBuffer;
    if (slot === null) this.#queues = null;
    else if (slot !== undefined) this.#install(nameLoggers(slot));
  }

  /** The queues of the current loggers, and of replaced ones with events left. */
  get queues(): readonly LoggerQueue[] {
    const unfinished = [...this.#retired].filter((queue) => !queue.isIdle);
    return [...new Set([...(this.#queues ?? []), ...unfinished, ...this.#ofCopies])];
  }

  /** Queues whose logger is closed with the client. */
  get ownedQueues(): readonly LoggerQueue[] {
    return [...(this.#queues ?? []), ...this.#retired].filter(({ logger }) => isOwned(logger));
  }

  /** Events that are buffered until a logger is set. */
  get buffered(): number {
    return this.#buffer?.length ?? 0;
  }

  get counters(): Readonly<Record<string, LoggerCounters>> {
    this.endOverdue();
    this.#countNoLogger();
    const statsByName = this.#statsByName();
    const entries = [...this.#tallies].map(
      ([name, tally]) => [name, tally.snapshot(statsByName.get(name) ?? null)] as const,
    );
    return Object.freeze(Object.fromEntries(entries));
  }

  get totals(): ExposureTotals {
    this.#countNoLogger();
    const statsByName = this.#statsByName();
    return sumOf(
      [...this.#tallies].map(([name, tally]) =>
        name === NO_LOGGER
          ? totalsWithoutHandedOver(tally)
          : totalsWithDownstream(totalsOf(tally), statsByName.get(name) ?? null),
      ),
    );
  }

  /** A dispatcher with loggers of its own. A flush of one dispatcher waits for the events of all its copies. */
  copy(slot: LoggerSlot): Dispatcher {
    return dispatcherOf(slot, this.#ports, this.#reports, this);
  }

  readinessFor(kind: EventKind): Readiness {
    const queues = this.#queues;
    if (queues === null) return "off";
    if (queues === undefined) return this.#buffer?.isFull(kind) ? "full" : "ready";
    return kind === "assignment" || this.#banditQueues.length > 0 ? "ready" : "off";
  }

  /** Counts an exposure for which no event was built, because the pre-logger buffer is full. */
  turnAway(): void {
    this.#buffer?.turnAway(); // a full buffer exists
  }

  /** Accepts an exposure for every logger that takes its kind; returns the best of their results. */
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
    if (loggers === null) {
      this.#queues = null;
      this.#banditQueues = [];
    } else this.#install(nameLoggers(loggers));
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

  /** Ends and reports by the clock what timers should have ended: they die with the request that set them on some hosts. */
  endOverdue(): void {
    for (const queue of this.queues) queue.endOverdue();
    this.#reports.sendOverdue();
  }

  /** Drops all events that were not delivered. */
  abandon(): void {
    this.#cancelNextTurn?.();
    this.#cancelNextTurn = null;
    for (const exposure of this.#buffer?.leave() ?? []) this.#buffer?.giveUp(exposure, "closed");
    for (const queue of this.queues) queue.abandon();
  }

  /** Created on first use: most clients never need it, and the start of a process is shorter without it. */
  get #preLoggerBuffer(): PreLoggerBuffer {
    this.#buffer ??= new PreLoggerBuffer(this.#ports.limits.maxQueueBytes, this.#reports);
    return this.#buffer;
  }

  /** Results of `stats()` of the current loggers. */
  #statsByName(): ReadonlyMap<string, object | null> {
    return new Map((this.#queues ?? []).map(({ name, logger }) => [name, statsOf(logger)]));
  }

  /** Lists `none` among the counters, before any logger, if no logger was set so far. */
  #countNoLogger(): void {
    if (this.#queues === undefined) this.#tallies.set(NO_LOGGER, this.#preLoggerBuffer.tally);
  }

  #install(named: readonly NamedLogger[]): void {
    this.#queues = named.map((it) => this.#queueOf(it));
    this.#banditQueues = this.#queues.filter((queue) => queue.takes("bandit"));
  }

  /** A logger that was set before keeps its queue, so its events keep their order. */
  #queueOf(named: NamedLogger): LoggerQueue {
    const known = [...(this.#queues ?? []), ...this.#retired].find(
      ({ name, logger }) => name === named.name && logger === named.logger,
    );
    if (known !== undefined) {
      this.#retired.delete(known);
      return known;
    }
    const tally = this.#tallies.get(named.name) ?? new LoggerTally();
    this.#tallies.set(named.name, tally);
    return new LoggerQueue(named, tally, this.#ports);
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
   * @param limited - of this queue events up to `upTo`.
   */
  #pump(limited: LoggerQueue | null = null, upTo = 0): void {
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    this.#cancelNextTurn?.();
    this.#cancelNextTurn = null;
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
    if (left === 0) this.#pumpNextTurn();
    if (this.#isCopy) this.#noteUnfinished();
    this.#forgetFinished();
  }

  #pumpNextTurn(): void {
    this.#cancelNextTurn = this.#ports.clock.setTimer(() => this.#pump(), 0, {
      holdsProcess: false,
    });
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

function better(a: AcceptResult, b: AcceptResult | null): AcceptResult {
  return b !== null && RANKS[b] > RANKS[a] ? b : a;
}

// Outside of the class: bundlers rename a class that refers to itself.
function dispatcherOf(...parts: ConstructorParameters<typeof Dispatcher>): Dispatcher {
  return new Dispatcher(...parts);
}
