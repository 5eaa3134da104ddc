import type { AssignmentEvent, BanditEvent } from "../model/exposure.js";
import type { AbortSignalLike } from "../runtime/host.js";

/** How long a logger may take for a `flush` or a `close`. */
export interface LoggerDeadline {
  readonly timeoutMs: number;
  /** Fires when the time is up. */
  readonly signal: AbortSignalLike;
}

/**
 * Receives exposures. A class may implement it, and a plain object works as well. Errors that its
 * methods throw or reject with never reach the evaluation.
 *
 * A method that returns a promise has delivered the event when the promise is fulfilled. Any other
 * result means that the event was delivered.
 */
export interface AssignmentLogger {
  /** Its name in results, counters and diagnostics. Default: `assignmentLogger`, or its index in a list. */
  readonly name?: string;
  /** Whether the client's `close` closes it. Default: false, the caller closes it. */
  readonly owned?: boolean;
  /** Logs one assignment. If this fails, the next evaluation offers the same exposure again. */
  logAssignment(event: AssignmentEvent): unknown;
  /** Logs one choice of a bandit, after the assignment of the same call. Absent: it receives none. */
  logBanditAction?(event: BanditEvent): unknown;
  /**
   * Delivers its queued events; called by the client's `flush` and `close`. An object that it returns or
   * resolves to is shown as `downstream` in the result; `ok: false` in it means that it failed.
   */
  flush?(deadline: LoggerDeadline): unknown;
  /** Releases its resources; called at the end of the client's `close` if it is {@link owned}. */
  close?(deadline: LoggerDeadline): unknown;
  /** Its own counters; shown as `downstream` in `client.status`. */
  stats?(): object;
  /** Set by a logger that makes events later than it is called; absent: it gets each event complete. */
  readonly pending?: PendingLogging | undefined;
}

/** How a logger takes assignments whose events are not made yet. */
export interface PendingLogging {
  /** Its own `logAssignment`. If it has another one, e.g. because it was wrapped, that one is called, with the event. */
  readonly insteadOf: AssignmentLogger["logAssignment"];
  /** Takes an assignment in place of `logAssignment`. */
  log(assignment: PendingAssignment): void;
}

/** An assignment whose event is made, with its id, when it is read first. Nothing that happens before that changes it. */
export interface PendingAssignment {
  readonly kind: "assignment";
  readonly event: AssignmentEvent;
}
