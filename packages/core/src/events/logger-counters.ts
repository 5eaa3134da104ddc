import { Counts, type Ending } from "../delivery/ledger.js";
import type { Receipt } from "../delivery/receipt.js";
import type { ExposureDropReason } from "./exposure-drop-reason.js";

/**
 * Counters of the exposures of one logger. Between any two turns,
 * `accepted = delivered + (the sum of dropped) + queued + inFlight + buffered`.
 */
export interface LoggerCounters {
  readonly accepted: number;
  /** Events that the logger took. For `none`: events handed to the loggers that were set later. */
  readonly delivered: number;
  /** Events delivered without attributes that JSON cannot express. Part of `delivered`. Absent: none. */
  readonly deliveredInPart?: number;
  /** Events queued until fewer than `maxConcurrent` promises are pending. */
  readonly queued: number;
  /** Estimated size of the queued events. */
  readonly queuedBytes: number;
  /** Events for which the logger returned a promise that has not settled. */
  readonly inFlight: number;
  /** Events buffered until a logger is set. Only for `none`. */
  readonly buffered: number;
  readonly dropped: Readonly<Record<ExposureDropReason, number>>;
  /** What became of events of `delivered` whose logger reports it for each of them: still held, or lost later. Absent: none. */
  readonly later?: { readonly held: number; readonly failed: number; readonly dropped: number };
  /** Result of the logger's `stats()`, if it has that method. It may count events of other clients, too. */
  readonly downstream?: object;
}

const REASONS: readonly ExposureDropReason[] = [
  ...(["logger-threw", "logger-rejected", "logger-timeout", "overflow"] as const),
  ...(["too-large", "no-logger", "closed"] as const),
];

/** Mutable counters of one logger name, updated by its queue or buffer. */
export class LoggerTally {
  readonly ended: Counts<ExposureDropReason> = new Counts(REASONS);
  /** Events of `delivered` that a logger of ours has claimed: still held, or lost later. */
  readonly later = { held: 0, failed: 0, dropped: 0 };
  /** Events of `delivered` that were claimed. Their outcome is known, so `stats()` says nothing about them. */
  claimed = 0;
  deliveredInPart = 0;
  queued = 0;
  queuedBytes = 0;
  inFlight = 0;
  buffered = 0;

  /** Returns a frozen copy. */
  snapshot(downstream: object | null): LoggerCounters {
    return Object.freeze({
      accepted: this.ended.accepted,
      delivered: this.ended.delivered,
      ...(this.deliveredInPart === 0 ? {} : { deliveredInPart: this.deliveredInPart }),
      queued: this.queued,
      queuedBytes: this.queuedBytes,
      inFlight: this.inFlight,
      buffered: this.buffered,
      dropped: this.ended.dropped,
      ...(this.claimed === 0 ? {} : { later: Object.freeze({ ...this.later }) }),
      ...(downstream === null ? {} : { downstream }),
    });
  }
}

/** The receipt of an event that a logger of ours has claimed. Its outcome counts once the event was handed over. */
export class HeldReceipt implements Receipt {
  readonly #tally: LoggerTally;
  #state: "claimed" | "held" | "over" = "claimed";
  #early: Ending | null = null;

  constructor(tally: LoggerTally) {
    this.#tally = tally;
  }

  /** The event was handed over. */
  take(): void {
    if (this.#state !== "claimed") return;
    this.#state = "held";
    this.#tally.claimed += 1;
    this.#tally.later.held += 1;
    if (this.#early !== null) this.settle(this.#early);
  }

  /** The client has counted the event as lost. The outcome is ignored. */
  release(): void {
    this.#state = "over";
  }

  settle(ending: Ending): void {
    if (this.#state === "claimed") this.#early ??= ending;
    if (this.#state !== "held") return;
    this.#state = "over";
    this.#tally.later.held -= 1;
    if (ending !== "delivered") this.#tally.later[ending] += 1;
  }
}
