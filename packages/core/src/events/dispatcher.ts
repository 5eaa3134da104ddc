import type { Clock } from "../runtime/clock.js";
import type { DropReports } from "./drop-reports.js";
import { Lane, type LaneAnswer, type LanePorts } from "./lane.js";
import { type LaneCounters, LaneTally } from "./lane-counters.js";
import { type Loggers, type NamedLogger, nameLoggers } from "./logger.js";
import { isOwned, statsOf } from "./logger-facts.js";
import type { EventKind, PendingExposure } from "./pending-exposure.js";
import { NO_LOGGER, WaitingRoom } from "./waiting-room.js";

/** `undefined`: none yet, keep events for it; `null`: off, make no events. */
export type LoggerSlot = Loggers | null | undefined;

/** Whether there is somebody to make an event for. */
export type Readiness = "ready" | "off" | "full";

/**
 * Events handed over in one turn besides the one that was just accepted. A logger that evaluates
 * whenever it is called would otherwise never let the turn end.
 */
const MAX_PER_TURN = 1_000;

const RANKS: Readonly<Record<LaneAnswer, number>> = {
  dropped: 0,
  failed: 1,
  queued: 2,
  delivered: 3,
};

/** Gives each exposure to the lane of every logger, or to the waiting room while there is none. */
export class Dispatcher {
  readonly #clock: Clock;
  readonly #ports: LanePorts;
  readonly #waitingRoom: WaitingRoom;
  /** By name, so that a logger that replaces one of the same name goes on counting. */
  readonly #tallies = new Map<string, LaneTally>();
  /** Lanes of loggers that were replaced and have something left to deliver, or to close. */
  readonly #retired = new Set<Lane>();
  #lanes: readonly Lane[] | null | undefined;
  #banditLanes: readonly Lane[] = [];
  /** Whether a logger is being called: what it evaluates waits until it has returned. */
  #isDelivering = false;
  #cancelNextTurn: (() => void) | null = null;

  constructor(slot: LoggerSlot, ports: Omit<LanePorts, "onFree">, reports: DropReports) {
    this.#clock = ports.clock;
    this.#ports = { ...ports, onFree: () => this.#pump() };
    this.#waitingRoom = new WaitingRoom(reports);
    if (slot === undefined) this.#tallies.set(NO_LOGGER, this.#waitingRoom.tally);
    else if (slot === null) this.#lanes = null;
    else this.#install(nameLoggers(slot));
  }

  /** The lanes of the loggers that are set, and of former ones that are not done. */
  get lanes(): readonly Lane[] {
    const unfinished = [...this.#retired].filter((lane) => !lane.isIdle);
    return [...(this.#lanes ?? []), ...unfinished];
  }

  /** Lanes whose logger is closed with the client. */
  get ownedLanes(): readonly Lane[] {
    return [...(this.#lanes ?? []), ...this.#retired].filter(({ logger }) => isOwned(logger));
  }

  /** How many events wait for a logger to be set. */
  get buffered(): number {
    return this.#waitingRoom.length;
  }

  get counters(): Readonly<Record<string, LaneCounters>> {
    const loggers = new Map((this.#lanes ?? []).map(({ name, logger }) => [name, logger]));
    const entries = [...this.#tallies].map(([name, tally]) => {
      const logger = loggers.get(name);
      return [name, tally.snapshot(logger === undefined ? null : statsOf(logger))] as const;
    });
    return Object.freeze(Object.fromEntries(entries));
  }

  readinessFor(kind: EventKind): Readiness {
    const lanes = this.#lanes;
    if (lanes === null) return "off";
    if (lanes === undefined) return this.#waitingRoom.isFull(kind) ? "full" : "ready";
    return kind === "assignment" || this.#banditLanes.length > 0 ? "ready" : "off";
  }

  /** Counts an exposure of which no event was made, because the waiting room is full. */
  turnAway(): void {
    this.#waitingRoom.turnAway();
  }

  /** Accepts an exposure for every logger that takes its kind; the best of their answers. */
  dispatch(exposure: PendingExposure): LaneAnswer | "buffered" {
    if (this.#lanes === undefined) {
      this.#waitingRoom.add(exposure);
      return "buffered";
    }
    const answer = this.#offer(exposure);
    this.#pump();
    return answer;
  }

  /** Sets or replaces the loggers. What waited for one is handed over, in order; `null` gives it up. */
  setLoggers(loggers: Loggers | null): void {
    const former = this.#lanes ?? [];
    if (loggers === null) {
      this.#lanes = null;
      this.#banditLanes = [];
    } else this.#install(nameLoggers(loggers));
    for (const lane of former) {
      if (!this.#lanes?.includes(lane)) this.#retired.add(lane);
    }
    this.#forgetFinished();
    for (const exposure of this.#waitingRoom.leave()) {
      if (this.readinessFor(exposure.kind) !== "ready") {
        this.#waitingRoom.giveUp(exposure, "no-logger");
        continue;
      }
      this.#waitingRoom.handOver();
      this.dispatch(exposure);
    }
  }

  /** Drops everything that has not been delivered. */
  abandon(): void {
    this.#cancelNextTurn?.();
    this.#cancelNextTurn = null;
    for (const exposure of this.#waitingRoom.leave()) this.#waitingRoom.giveUp(exposure, "closed");
    for (const lane of this.lanes) lane.abandon();
  }

  #install(named: readonly NamedLogger[]): void {
    this.#lanes = named.map((it) => this.#laneOf(it));
    this.#banditLanes = this.#lanes.filter((lane) => lane.takes("bandit"));
  }

  /** A logger that was there before keeps its lane, so that its events keep their order. */
  #laneOf(named: NamedLogger): Lane {
    const known = [...(this.#lanes ?? []), ...this.#retired].find(
      ({ name, logger }) => name === named.name && logger === named.logger,
    );
    if (known !== undefined) {
      this.#retired.delete(known);
      return known;
    }
    const tally = this.#tallies.get(named.name) ?? new LaneTally();
    this.#tallies.set(named.name, tally);
    return new Lane(named, tally, this.#ports);
  }

  #offer(exposure: PendingExposure): LaneAnswer {
    const lanes = (exposure.kind === "bandit" ? this.#banditLanes : this.#lanes) ?? [];
    exposure.openTo(lanes.length);
    const mustWait = this.#isDelivering;
    this.#isDelivering = true;
    let best: LaneAnswer = "dropped";
    try {
      for (const lane of lanes) best = better(best, lane.accept(exposure, mustWait));
      if (!mustWait) for (const lane of lanes) best = better(best, lane.sendAccepted());
    } finally {
      this.#isDelivering = mustWait;
    }
    return best;
  }

  /** Starts what waits, as far as loggers have slots. */
  #pump(): void {
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    let left = MAX_PER_TURN;
    try {
      let hasStarted = true;
      while (hasStarted && left > 0) {
        hasStarted = false;
        for (const lane of this.#lanes ?? []) {
          while (left > 0 && lane.startNext()) {
            hasStarted = true;
            left -= 1;
          }
        }
        for (const lane of this.#retired) {
          while (left > 0 && lane.startNext()) {
            hasStarted = true;
            left -= 1;
          }
        }
      }
    } finally {
      this.#isDelivering = false;
    }
    if (left === 0) this.#pumpNextTurn();
    this.#forgetFinished();
  }

  #pumpNextTurn(): void {
    this.#cancelNextTurn ??= this.#clock.setTimer(
      () => {
        this.#cancelNextTurn = null;
        this.#pump();
      },
      0,
      { holdsProcess: false },
    );
  }

  #forgetFinished(): void {
    for (const lane of this.#retired) {
      if (lane.isIdle && !isOwned(lane.logger)) this.#retired.delete(lane);
    }
  }
}

function better(a: LaneAnswer, b: LaneAnswer | null): LaneAnswer {
  return b !== null && RANKS[b] > RANKS[a] ? b : a;
}
