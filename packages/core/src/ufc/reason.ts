import { parseVersion } from "../conditions/semver.js";
import type { ConditionDescription } from "../model/description.js";

const SIGNS: Readonly<Record<string, string>> = { GTE: ">=", GT: ">", LTE: "<=", LT: "<" };

/**
 * Why a condition came out as it did, in words. It tells what was compared; what came of it was
 * observed, and is not decided here again.
 *
 * @param actual - the subject's value, which the condition could compare.
 */
export function reasonOf(
  { operator, expected }: ConditionDescription,
  actual: unknown,
  holds: boolean,
): string {
  const isMissing = (actual ?? null) === null;
  if (operator === "IS_NULL") return isMissing ? "it has no value" : "it has a value";
  const sign = SIGNS[operator];
  const isKnown = sign !== undefined || /^(?:NOT_)?(?:ONE_OF|MATCHES)$/.test(operator);
  if (!isKnown) return "unknown operator, never true";
  if (isMissing) return "it has no value, only IS_NULL holds";
  if (sign !== undefined) return orderingReason(sign, expected, actual, holds);
  const text = JSON.stringify(String(actual));
  const verb = holds === !operator.startsWith("NOT_") ? "is" : "is not";
  return operator.endsWith("ONE_OF")
    ? `${text} ${verb} listed`
    : `the pattern ${verb} found in ${text}`;
}

function orderingReason(sign: string, expected: unknown, actual: unknown, holds: boolean): string {
  const verdict = `${holds ? "is" : "is not"} ${sign}`;
  if (parseVersion(expected) !== null) {
    const isVersion = parseVersion(actual) !== null;
    return isVersion ? `${actual} ${verdict} ${expected}, as versions` : "it is no version";
  }
  if (Number.isNaN(Number(actual))) return "it is no number";
  if (Number.isNaN(Number(expected))) return "the condition's value is no number";
  return `${Number(actual)} ${verdict} ${Number(expected)}`;
}
