import type { ProblemSink, ReportProblem } from "../../model/check.js";
import { decodeError } from "../error-budget.js";
import { linearTest } from "./linear-match.js";
import { riskOf } from "./risk.js";

/** Issue code of a pattern that may take exponential time for some strings, or is refused. */
export const RISKY_PATTERN = "risky-pattern";

const UNKNOWN =
  "the pattern cannot be analysed because it is too large, or has a lookaround, a backreference or the flag u";

/** Tests strings instead of a `RegExp`. `null`: the test took too long, so the condition cannot be decided. */
export interface PatternTest {
  /** Returns whether the string has a match. */
  test(text: string): boolean | null;
}

/**
 * Checks a pattern of a condition.
 *
 * @returns the test, or `null` if the pattern is refused. The condition is then false for every subject, negated or
 * not.
 */
export type PatternGuard = (pattern: RegExp, path: string) => PatternTest | null;

/** Accepts all patterns, and reports nothing. */
export const UNGUARDED: PatternGuard = (pattern) => pattern;

/**
 * Creates the guard of a dialect.
 *
 * @param refuses - whether risky patterns are refused. If so, patterns are analysed immediately, and strings are tested
 * in linear time. Otherwise patterns are analysed later, and JavaScript tests the strings.
 */
export function patternGuard(refuses: boolean, sink: ProblemSink): PatternGuard {
  return (pattern, path) => {
    const check = (report: ReportProblem, unknown: string | null): boolean => {
      const risk = riskOf(pattern) ?? unknown;
      if (risk !== null) report(decodeError(path, risk), RISKY_PATTERN);
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
