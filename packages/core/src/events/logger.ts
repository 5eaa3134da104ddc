import type { AssignmentEvent, BanditEvent } from "../model/exposure.js";
import type { AbortSignalLike } from "../runtime/host.js";

/** How long a logger has for what it is asked to finish. */
export interface LoggerDeadline {
  readonly timeoutMs: number;
  /** Fires when the time is up. */
  readonly signal: AbortSignalLike;
}

/**
 * Where exposures go. A class may implement it, and a plain object will do. What its methods throw or
 * reject never reaches the evaluation.
 *
 * A method that returns a promise has delivered when the promise is fulfilled. Any other result means
 * that the event was taken.
 */
export interface AssignmentLogger {
  /** How results, counters and diagnostics name it: `assignmentLogger` unless given, or its index in a list. */
  readonly name?: string;
  /** Whether the client closes it at the end of its own `close`. Default: it is the caller's to close. */
  readonly owned?: boolean;
  /** Takes one assignment. If it fails, the same exposure is offered again at the next evaluation. */
  logAssignment(event: AssignmentEvent): unknown;
  /** Takes one choice of a bandit, after the assignment of the same call. Absent: it gets none. */
  logBanditAction?(event: BanditEvent): unknown;
  /**
   * Delivers what it holds; called by the client's `flush` and `close`. An object that it returns or
   * resolves to is shown as `downstream` in the result; `ok: false` in it means that it failed.
   */
  flush?(deadline: LoggerDeadline): unknown;
  /** Lets go of what it holds; called at the end of the client's `close` if it is {@link owned}. */
  close?(deadline: LoggerDeadline): unknown;
  /** What became of the events it took; shown as `downstream` in `client.status`. */
  stats?(): object;
}

/** One logger, or several that each get everything. */
export type Loggers = AssignmentLogger | readonly AssignmentLogger[];

/** A logger with the name of its queue. */
export interface NamedLogger {
  readonly name: string;
  readonly logger: AssignmentLogger;
}

/** The loggers with the names that they go by. */
export function nameLoggers(loggers: Loggers): readonly NamedLogger[] {
  return isList(loggers)
    ? loggers.map((logger, index) => ({ name: logger.name ?? `${index}`, logger }))
    : [{ name: loggers.name ?? "assignmentLogger", logger: loggers }];
}

/** `Array.isArray`, which does not know readonly arrays. */
export function isList(loggers: Loggers): loggers is readonly AssignmentLogger[] {
  return Array.isArray(loggers);
}
