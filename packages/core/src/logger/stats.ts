/** Why an event was given up on purpose. */
export type LoggerDropReason =
  /** No subject, or no flag. */
  | "invalid"
  /** The mapper returned `null`. */
  | "mapper"
  /** Over `maxEventBytes` even without the subject's attributes. */
  | "too-large"
  /** More events wait than `maxBuffered`. */
  | "overflow"
  /** It came after `close`, or was not delivered when the deadline of `close` passed. */
  | "closed";

/**
 * What the events of one logger came to.
 * `accepted = delivered + failed + dropped + buffered`, between any two turns.
 */
export interface LoggerStats {
  /** Every event that it was called with. */
  readonly accepted: number;
  /** The vendor's library says it was delivered. */
  readonly delivered: number;
  /** The mapper threw, or the vendor's library did, or it gave the event up. */
  readonly failed: number;
  /** Sum of `droppedBy`. */
  readonly dropped: number;
  /** Waiting, or handed to the vendor's library and not settled. */
  readonly buffered: number;
  /** Of `buffered`, those that the vendor's library has. */
  readonly inFlight: number;
  readonly droppedBy: Readonly<Record<LoggerDropReason, number>>;
  /** Events that were sent without the subject's attributes, because they were too large with them. */
  readonly trimmed: number;
  /** Members of events that JSON cannot express, and that were left out. */
  readonly removedMembers: number;
}

/** Counts. Only ever upwards, but for `buffered` and `inFlight`. */
export class Counters {
  accepted = 0;
  delivered = 0;
  failed = 0;
  trimmed = 0;
  removedMembers = 0;
  readonly droppedBy: Record<LoggerDropReason, number> = {
    invalid: 0,
    mapper: 0,
    "too-large": 0,
    overflow: 0,
    closed: 0,
  };

  /** As of now. */
  snapshot(waiting: number, inFlight: number): LoggerStats {
    const { accepted, delivered, failed, trimmed, removedMembers, droppedBy } = this;
    return Object.freeze({
      accepted,
      delivered,
      failed,
      dropped: Object.values(droppedBy).reduce((sum, count) => sum + count, 0),
      buffered: waiting + inFlight,
      inFlight,
      droppedBy: Object.freeze({ ...droppedBy }),
      trimmed,
      removedMembers,
    });
  }
}
