import type { AssignmentLogger } from "../delivery/assignment-logger.js";

/** One logger, or several that each receive every event. */
export type Loggers = AssignmentLogger | readonly AssignmentLogger[];

/** A logger and the name of its queue. */
export interface NamedLogger {
  readonly name: string;
  readonly logger: AssignmentLogger;
}

/** The loggers with their names in results, counters and diagnostics. */
export function nameLoggers(loggers: Loggers): readonly NamedLogger[] {
  return isList(loggers)
    ? loggers.map((logger, index) => ({ name: logger.name ?? `${index}`, logger }))
    : [{ name: loggers.name ?? "assignmentLogger", logger: loggers }];
}

/** `Array.isArray` with a type guard that narrows readonly arrays. */
export function isList(loggers: Loggers): loggers is readonly AssignmentLogger[] {
  return Array.isArray(loggers);
}
