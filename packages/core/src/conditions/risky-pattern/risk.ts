import { isExponential } from "./ambiguity.js";
import { automatonOf } from "./automaton.js";
import { Budget, isTooLarge } from "./budget.js";
import { parsePattern } from "./syntax.js";

const RISKY =
  "the pattern has nested or overlapping repetitions, so a match can take exponential time";

/** A repetition whose upper bound is at least this counts as unbounded. */
const MANY = 25;

/**
 * What is risky about a pattern: an unbounded repetition of what can match the same text in several ways.
 * Other slow patterns, such as `.*.*=.*`, are not reported.
 *
 * @returns `null` if nothing is, or the pattern is too large to be analysed.
 */
export function riskOf(pattern: RegExp): string | null {
  const budget = new Budget();
  try {
    const { asides, body } = parsePattern(pattern, budget);
    const parts = [body, ...asides.map((aside) => aside.body)];
    const isRisky = parts.some((part) => isExponential(automatonOf(part, MANY, budget), budget));
    return isRisky ? RISKY : null;
  } catch (cause) {
    if (isTooLarge(cause)) return null;
    throw cause;
  }
}
