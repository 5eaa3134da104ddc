import { Tally } from "../delivery/tally.js";
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
  /** Result of the logger's `stats()`, if it has that method. */
  readonly downstream?: object;
}

const REASONS: readonly ExposureDropReason[] = [
  ...(["logger-threw", "logger-rejected", "logger-timeout", "overflow"] as const),
  ...(["too-large", "no-logger", "closed"] as const),
];

/** Mutable counters of one logger name, updated by its queue or buffer. */
export class LoggerTally {
  readonly ended: Tally<ExposureDropReason> = new Tally(REASONS);
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
      dropped: this.ended.losses,
      ...(downstream === null ? {} : { downstream }),
    });
  }
}
