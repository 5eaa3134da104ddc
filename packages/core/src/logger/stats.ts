import { Counts } from "../delivery/ledger.js";
import { Later } from "../delivery/receipt.js";

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
  | "closed"
  /** It was sent, but no response was received before the deadline of `close`, so it may have been delivered. */
  | "unconfirmed"
  /** The logger behind this one lost it. */
  | "downstream";

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
  /** Events that wait, or that the vendor's library or a logger behind this one has and has not settled. */
  readonly buffered: number;
  /** Estimated size of `buffered`, without the events of a logger behind this one. */
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
  ...(["unconfirmed", "downstream"] as const),
];

/** Counters of the events that the logger currently holds. */
type Held = Pick<LoggerStats, "bufferedBytes" | "inFlight" | "failing">;

/** Counts the events of one logger. */
export class StatsBook {
  readonly counts: Counts<LoggerDropReason | "failed"> = new Counts(REASONS);
  /** Events of a logger that passes them to a logger behind it. */
  readonly later: Later = new Later();
  trimmed = 0;
  removedMembers = 0;

  /** Returns the current counters. */
  snapshot({ bufferedBytes, inFlight, failing }: Held): LoggerStats {
    const { later } = this;
    const { accepted, delivered, dropped, lost, waiting } = this.counts;
    const { failed, ...droppedBy } = dropped;
    return Object.freeze({
      accepted,
      delivered: delivered - later.undelivered,
      failed,
      dropped: lost - failed + later.failed + later.dropped,
      buffered: waiting + later.held,
      bufferedBytes,
      inFlight,
      failing,
      droppedBy: Object.freeze({ ...droppedBy, downstream: later.failed + later.dropped }),
      trimmed: this.trimmed,
      removedMembers: this.removedMembers,
    });
  }
}
