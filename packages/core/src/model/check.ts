import type { DecodeError } from "../errors/errors.js";

/**
 * Records a problem as an issue.
 *
 * @param code - one of the dialect's `issueCodes`. Default: `malformed`.
 */
export type ReportProblem = (error: DecodeError, code?: string) => void;

/** Searches for a problem. The search may take some milliseconds, which is too long for an evaluation. */
export type Check = (report: ReportProblem) => void;

/** Receives the problems of a flag, immediately or when issues are read. */
export interface ProblemSink {
  readonly report: ReportProblem;
  /** Keeps a check until issues are read. */
  readonly later: (check: Check) => void;
}
