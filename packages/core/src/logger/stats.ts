import { Tally } from "../delivery/tally.js";

/** Why a logger dropped an event. */
export type LoggerDropReason =
  /** It has no subject or no flag. */
  | "invalid"
  /** The mapper returned `null`. */
  | "mapper"
  /** It exceeds `maxEventBytes` even without the subject's attributes, or the service says so (413). */
  | "too-large"
  /** The service refused it. */
  | "refused"
  /** The buffer was full: `maxBuffered` events, or `maxBufferedBytes`. */
  | "overflow"
  /** It arrived after `close`, or was not delivered before the deadline of `close`. */
  | "closed";

/**
 * Counters of the events of one logger. Between any two turns,
 * `accepted = delivered + failed + dropped + buffered`.
 */
export interface LoggerStats {
  /** Every event that the logger was called with. */
  readonly accepted: number;
  /** The vendor's library reported it as delivered. */
  readonly delivered: number;
  /** The mapper or the vendor's library threw, or the library gave the event up. */
  readonly failed: number;
  /** Sum of `droppedBy`. */
  readonly dropped: number;
  /** Waiting, or handed to the vendor's library and not settled. */
  readonly buffered: number;
  /** Estimated size of `buffered`. */
  readonly bufferedBytes: number;
  /** Those of `buffered` that the vendor's library has. */
  readonly inFlight: number;
  /** Whether the last delivery failed. */
  readonly failing: boolean;
  readonly droppedBy: Readonly<Record<LoggerDropReason, number>>;
  /** Events that were sent without the subject's attributes, because they were too large with them. */
  readonly trimmed: number;
  /** Members of events that JSON cannot express, and that were removed. */
  readonly removedMembers: number;
}

const REASONS: readonly (LoggerDropReason | "failed")[] = [
  ...(["failed", "invalid", "mapper", "too-large", "refused", "overflow", "closed"] as const),
];

/** The events that the logger holds now. */
type Held = Pick<LoggerStats, "buffered" | "bufferedBytes" | "inFlight" | "failing">;

/** The counters of one logger as it updates them. */
export class StatsTally {
  readonly ended: Tally<LoggerDropReason | "failed"> = new Tally(REASONS);
  trimmed = 0;
  removedMembers = 0;

  /** As of now. */
  snapshot({ buffered, bufferedBytes, inFlight, failing }: Held): LoggerStats {
    const { accepted, delivered, losses } = this.ended;
    const { failed, ...droppedBy } = losses;
    return Object.freeze({
      accepted,
      delivered,
      failed,
      dropped: Object.values(droppedBy).reduce((sum, count) => sum + count, 0),
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
