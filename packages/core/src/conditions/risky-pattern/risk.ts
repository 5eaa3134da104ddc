import { isExponential } from "./ambiguity.js";
import { automatonOf } from "./automaton.js";
import { Budget, isTooLarge } from "./budget.js";
import { parsePattern } from "./syntax.js";

const RISKY =
  "the pattern has nested or overlapping repetitions, so a match can take exponential time";

/** Repetitions with at least this upper bound are treated as unbounded. */
const MANY = 25;

/**
 * Describes the risk of a pattern: an unbounded repetition of a part that can match the same string in several ways.
 * Other slow patterns, such as `.*.*=.*`, are not reported.
 *
 * @returns `null` if there is no risk, or the pattern is too large to analyse.
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
