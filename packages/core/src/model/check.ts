import type { DecodeError } from "../errors/errors.js";

/**
 * Records a problem as an issue.
 *
 * @param code - one of the dialect's `issueCodes`; default: `malformed`.
 */
export type ReportProblem = (error: DecodeError, code?: string) => void;

/** Looks for a problem that it takes too long to look for in an evaluation: some milliseconds at most. */
export type Check = (report: ReportProblem) => void;

/** Where the problems of a flag go: now, or when somebody asks for issues. */
export interface ProblemSink {
  readonly report: ReportProblem;
  /** Keeps a check until somebody asks for issues. */
  readonly later: (check: Check) => void;
}
