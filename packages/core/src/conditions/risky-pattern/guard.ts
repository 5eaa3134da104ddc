import { DecodeError } from "../../errors/errors.js";
import type { ProblemSink, ReportProblem } from "../../model/check.js";
import { linearTest } from "./linear-match.js";
import { riskOf } from "./risk.js";

/** Issue code: a pattern may take exponential time for some texts, or is refused. */
export const RISKY_PATTERN = "risky-pattern";

const UNKNOWN =
  "the pattern cannot be analysed because it is too large, or has a lookaround or a backreference";

/** Tests texts in place of a `RegExp`. `null`: it gave up, and nothing is to be decided by it. */
export interface PatternTest {
  /** Whether the text has a match. */
  test(text: string): boolean | null;
}

/**
 * Decides about a pattern of a condition.
 *
 * @returns the test; `null`: the pattern is refused, and the condition is false for every subject, negated or not.
 */
export type PatternGuard = (pattern: RegExp, path: string) => PatternTest | null;

/** Lets all patterns pass, and reports nothing. */
export const UNGUARDED: PatternGuard = (pattern) => pattern;

/**
 * Creates the guard of a dialect.
 *
 * @param refuses - Whether risky patterns are refused. Then patterns are analysed at once, and texts tested in linear
 * time; else they are analysed later, and tested by JavaScript.
 */
export function patternGuard(refuses: boolean, sink: ProblemSink): PatternGuard {
  return (pattern, path) => {
    const check = (report: ReportProblem, unknown: string | null): boolean => {
      const risk = riskOf(pattern) ?? unknown;
      if (risk !== null) report(new DecodeError(path, risk), RISKY_PATTERN);
      return risk !== null;
    };
    if (!refuses) {
      sink.later((report) => check(report, null));
      return pattern;
    }
    const test = linearTest(pattern);
    return check(sink.report, test === null ? UNKNOWN : null) || test === null ? null : { test };
  };
}
