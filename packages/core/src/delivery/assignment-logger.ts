import type { AssignmentEvent, BanditEvent } from "../model/exposure.js";
import type { AbortSignalLike } from "../runtime/host.js";

/** Time limit for a logger's `flush` or `close`. */
export interface LoggerDeadline {
  readonly timeoutMs: number;
  /** Fires when the time is up. */
  readonly signal: AbortSignalLike;
}

/**
 * Receives exposures. A class may implement it, and a plain object works as well. Errors that its
 * methods throw or reject with never reach the evaluation.
 *
 * If a method returns a promise, the event is delivered when the promise is fulfilled. Any other return
 * value means that the event was delivered.
 */
export interface AssignmentLogger {
  /** Logger name in results, counters and diagnostics. Default: `assignmentLogger`, or its index in a list. */
  readonly name?: string;
  /** Whether the client's `close` closes the logger. Default: false, the caller closes it. */
  readonly owned?: boolean;
  /**
   * Logs one assignment. If this fails, the next evaluation offers the same exposure again, with the same message ID. A
   * logger that delivers events later claims their receipts with `claimReceipt`.
   */
  logAssignment(event: AssignmentEvent): unknown;
  /** Logs one bandit action, after the assignment of the same call. If absent, bandit actions are not logged. */
  logBanditAction?(event: BanditEvent): unknown;
  /**
   * Delivers queued events. Called by the client's `flush` and `close`. An object that it returns or
   * resolves to appears as `downstream` in the result. `ok: false` in that object means that it failed.
   */
  flush?(deadline: LoggerDeadline): unknown;
  /** Releases resources. Called at the end of the client's `close` if the logger is {@link owned}. */
  close?(deadline: LoggerDeadline): unknown;
  /**
   * Whether an exposure that the logger took is never logged again, even if it is lost later. Default: false. See
   * `claimReceipt`.
   */
  readonly remembersLosses?: boolean;
  /** Returns the logger's own counters, which appear as `downstream` in `client.status`. */
  stats?(): object;
  /** Set by loggers that build events later. If absent, the logger receives complete events. */
  readonly pending?: PendingLogging | undefined;
}

/** How a logger receives assignments whose events are not built yet. */
export interface PendingLogging {
  /** The logger's own `logAssignment`. If that has been replaced, e.g. wrapped, the new one is called with the event. */
  readonly insteadOf: AssignmentLogger["logAssignment"];
  /** Receives an assignment instead of `logAssignment`. */
  log(assignment: PendingAssignment): void;
}

/** An assignment whose event and ID are built on first read. Changes made before that do not affect them. */
export interface PendingAssignment {
  readonly kind: "assignment";
  readonly event: AssignmentEvent;
}
