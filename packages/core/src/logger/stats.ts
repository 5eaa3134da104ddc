import { Counts } from "../delivery/ledger.js";

/** Why a logger dropped an event. */
export type LoggerDropReason =
  /** The event has no subject or no flag. */
  | "invalid"
  /** The mapper returned `null`. */
  | "mapper"
  /** It exceeds `maxEventBytes` even without the subject's attributes, or the service responded with 413. */
  | "too-large"
  /** The service refused it. */
  | "refused"
  /** The buffer was full: `maxBuffered` events, or `maxBufferedBytes`. */
  | "overflow"
  /** It was logged after `close`, or not delivered before the deadline of `close`. */
  | "closed";

/**
 * Counters of the events of one logger. Between any two turns,
 * `accepted = delivered + failed + dropped + buffered`.
 */
export interface LoggerStats {
  /** Events that were passed to the logger. */
  readonly accepted: number;
  /** Events that the vendor's library reported as delivered. */
  readonly delivered: number;
  /** Events for which the mapper or the vendor's library threw, or which the library gave up. */
  readonly failed: number;
  /** Sum of `droppedBy`. */
  readonly dropped: number;
  /** Events that wait, or that the vendor's library has and has not settled. */
  readonly buffered: number;
  /** Estimated size of `buffered`. */
  readonly bufferedBytes: number;
  /** Events of `buffered` that the vendor's library has. */
  readonly inFlight: number;
  /** Whether the last delivery failed. */
  readonly failing: boolean;
  readonly droppedBy: Readonly<Record<LoggerDropReason, number>>;
  /** Events that were sent without the subject's attributes because they were too large. */
  readonly trimmed: number;
  /** Members that were removed from events because JSON cannot express them. */
  readonly removedMembers: number;
}

const REASONS: readonly (LoggerDropReason | "failed")[] = [
  ...(["failed", "invalid", "mapper", "too-large", "refused", "overflow", "closed"] as const),
];

/** Counters of the events that the logger currently holds. */
type Held = Pick<LoggerStats, "buffered" | "bufferedBytes" | "inFlight" | "failing">;

/** Mutable counters of one logger. */
export class StatsTally {
  readonly ended: Counts<LoggerDropReason | "failed"> = new Counts(REASONS);
  trimmed = 0;
  removedMembers = 0;

  /** Returns the current counters. */
  snapshot({ buffered, bufferedBytes, inFlight, failing }: Held): LoggerStats {
    const { accepted, delivered, dropped, lost } = this.ended;
    const { failed, ...droppedBy } = dropped;
    return Object.freeze({
      accepted,
      delivered,
      failed,
      dropped: lost - failed,
      buffered,
      bufferedBytes,
      inFlight,
      failing,
      droppedBy: Object.freeze(droppedBy),
      trimmed: this.trimmed,
      removedMembers: this.removedMembers,
    });
  }
}
