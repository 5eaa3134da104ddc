import { parseVersion } from "../../conditions/semver.js";
import type { ConditionDescription } from "../../explain/description.js";

const SIGNS: Readonly<Record<string, string>> = { GTE: ">=", GT: ">", LTE: "<=", LT: "<" };

/**
 * Explains the outcome of a condition by what was compared. The outcome itself was observed and is not computed again.
 *
 * @param actual - the subject's value, which the condition was able to compare.
 */
export function reasonOf(
  { operator, expected }: ConditionDescription,
  actual: unknown,
  holds: boolean,
): string {
  const isMissing = (actual ?? null) === null;
  if (operator === "IS_NULL") return isMissing ? "it has no value" : `${textOf(actual)} is a value`;
  // An operator may have the name of an inherited member.
  const sign = Object.hasOwn(SIGNS, operator) ? SIGNS[operator] : undefined;
  const isKnown = sign !== undefined || /^(?:NOT_)?(?:ONE_OF|MATCHES)$/.test(operator);
  if (!isKnown) return "unknown operator, which never matches";
  if (isMissing) return "it has no value, so only IS_NULL matches";
  if (sign !== undefined) return orderingReason(sign, expected, actual, holds);
  const text = textOf(actual);
  const verb = holds === !operator.startsWith("NOT_") ? "is" : "is not";
  return operator.endsWith("ONE_OF")
    ? `${text} ${verb} listed`
    : `the pattern ${verb} found in ${text}`;
}

function orderingReason(sign: string, expected: unknown, actual: unknown, holds: boolean): string {
  const verdict = `${holds ? "is" : "is not"} ${sign}`;
  if (parseVersion(expected) !== null) {
    const isVersion = parseVersion(actual) !== null;
    if (!isVersion) return `${textOf(actual)} is not a version`;
    return `${actual} ${verdict} ${expected}, as versions`;
  }
  if (Number.isNaN(Number(actual))) return `${textOf(actual)} is not a number`;
  if (Number.isNaN(Number(expected))) return "the condition's value is not a number";
  return `${Number(actual)} ${verdict} ${Number(expected)}`;
}

/**
 * Returns an attribute as a string. An object that cannot be converted to a string can still be compared with null and
 * as a version.
 */
function textOf(actual: unknown): string {
  try {
    return JSON.stringify(String(actual));
  } catch {
    return "a value without a string form";
  }
}
