import { isExponential } from "./ambiguity.js";
import { automatonOf } from "./automaton.js";
import { type Node, parsePattern } from "./syntax.js";

const PROBLEM =
  "the pattern repeats what itself repeats or overlaps: a text can take exponential time";

/** Longer patterns are not analysed. */
const MAX_LENGTH = 2_000;

/**
 * What is risky about a pattern: an unbounded repetition of what can match the same text in several ways.
 * Other slow patterns, such as `.*.*=.*`, are not reported.
 *
 * @returns `null` if nothing is.
 */
export function riskOf({ ignoreCase, source }: RegExp): string | null {
  if (source.length > MAX_LENGTH) return null;
  const parts: Node[] = [];
  parts.push(parsePattern(source, ignoreCase, parts));
  for (const part of parts) {
    const automaton = automatonOf(part);
    if (automaton !== null && isExponential(automaton)) return PROBLEM;
  }
  return null;
}
