import type { DropReports } from "./drop-reports.js";
import { LoggerTally } from "./logger-counters.js";
import type { EventKind, PendingExposure } from "./pending-exposure.js";

/** Name of the queue of exposures that have no logger yet. */
export const NO_LOGGER = "none";

/** How many events of each kind wait for a logger that is set later. */
const MAX_BUFFERED = 100;

/** The queue `none`: where the first exposures wait while there is no logger. */
export class PreLoggerBuffer {
  readonly tally: LoggerTally = new LoggerTally();
  readonly #reports: DropReports;
  readonly #counts: Record<EventKind, number> = { assignment: 0, bandit: 0 };
  #exposures: PendingExposure[] = [];

  constructor(reports: DropReports) {
    this.#reports = reports;
  }

  get length(): number {
    return this.#exposures.length;
  }

  isFull(kind: EventKind): boolean {
    return this.#counts[kind] >= MAX_BUFFERED;
  }

  /** Counts one that found it full; no event of it was made. */
  turnAway(): void {
    this.tally.accepted += 1;
    this.tally.dropped["no-logger"] += 1;
    this.#reports.note("no-logger", NO_LOGGER);
  }

  add(exposure: PendingExposure): void {
    exposure.detach();
    exposure.openTo(1);
    this.tally.accepted += 1;
    this.tally.buffered += 1;
    this.#counts[exposure.kind] += 1;
    this.#exposures.push(exposure);
  }

  /** Takes all of them out, the oldest first. Each is then handed over or given up. */
  leave(): readonly PendingExposure[] {
    const leaving = this.#exposures;
    this.#exposures = [];
    this.#counts.assignment = 0;
    this.#counts.bandit = 0;
    return leaving;
  }

  /** Counts one that left to a logger. */
  handOver(): void {
    this.tally.buffered -= 1;
    this.tally.delivered += 1;
  }

  /** Counts one that left to nobody. */
  giveUp(exposure: PendingExposure, reason: "no-logger" | "closed"): void {
    this.tally.buffered -= 1;
    this.tally.dropped[reason] += 1;
    exposure.settle(false);
    this.#reports.note(reason, NO_LOGGER);
  }
}
