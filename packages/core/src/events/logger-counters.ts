import type { ExposureDropReason } from "./exposure-drop-reason.js";

/**
 * What the exposures of one logger came to. Between any two turns,
 * `accepted = delivered + (the sum of dropped) + queued + inFlight + buffered`.
 */
export interface LoggerCounters {
  readonly accepted: number;
  /** The logger took it. Of `none`: handed over to the loggers that came. */
  readonly delivered: number;
  /** Waiting for the logger to have a hand free. */
  readonly queued: number;
  /** An estimate of what the queue holds. */
  readonly queuedBytes: number;
  /** The logger returned a promise that has not settled. */
  readonly inFlight: number;
  /** Waiting for a logger to be set; under `none` only. */
  readonly buffered: number;
  readonly dropped: Readonly<Record<ExposureDropReason, number>>;
  /** What the logger's own `stats()` say, if it has them. */
  readonly downstream?: object;
}

/** The counters of one logger, written to. */
export class LoggerTally {
  accepted = 0;
  delivered = 0;
  queued = 0;
  queuedBytes = 0;
  inFlight = 0;
  buffered = 0;
  readonly dropped: Record<ExposureDropReason, number> = {
    "logger-threw": 0,
    "logger-rejected": 0,
    "logger-timeout": 0,
    overflow: 0,
    "too-large": 0,
    "no-logger": 0,
    closed: 0,
  };

  /** A frozen copy. */
  snapshot(downstream: object | null): LoggerCounters {
    return Object.freeze({
      accepted: this.accepted,
      delivered: this.delivered,
      queued: this.queued,
      queuedBytes: this.queuedBytes,
      inFlight: this.inFlight,
      buffered: this.buffered,
      dropped: Object.freeze({ ...this.dropped }),
      ...(downstream === null ? {} : { downstream }),
    });
  }
}
