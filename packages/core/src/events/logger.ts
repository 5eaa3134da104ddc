import type { AssignmentEvent, BanditEvent } from "../model/exposure.js";
import type { AbortSignalLike } from "../runtime/host.js";

/** How long a logger has for what it is asked to finish. */
export interface LoggerDeadline {
  readonly timeoutMs: number;
  /** Fires when the time is up. */
  readonly signal: AbortSignalLike;
}

/**
 * Where exposures go. A class may implement it, and a plain object will do. Methods may be
 * asynchronous; what they throw or reject never reaches the evaluation.
 */
export interface AssignmentLogger {
  /** How results and diagnostics name it; `assignmentLogger` unless given. */
  readonly name?: string;
  /** Takes one assignment. If it throws, the same exposure is offered again at the next evaluation. */
  logAssignment(event: AssignmentEvent): unknown;
  /** Takes one choice of a bandit, after the assignment of the same call. Absent: none are made. */
  logBanditAction?(event: BanditEvent): unknown;
  /** Delivers what it holds; called by the client's `flush` and `close`. */
  flush?(deadline: LoggerDeadline): unknown;
}
