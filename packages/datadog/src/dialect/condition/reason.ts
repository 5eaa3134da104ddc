import type { UfcFormat } from "@sortition/core/eppo";
import { isOrdering, isVersionOperator } from "./operators.js";
import { numberOf, stringOf } from "./scalar.js";
import { parseVersion } from "./version.js";

const SIGNS: Readonly<Record<string, string>> = {
  GTE: ">=",
  GT: ">",
  LTE: "<=",
  LT: "<",
  EQ: "=",
  NEQ: "!=",
};

/** Explains the outcome of a condition by what was compared. `holds` is the observed outcome. */
export const reasonOf: UfcFormat["reasonOf"] = ({ expected, operator }, actual, holds) => {
  const isMissing = (actual ?? null) === null;
  if (operator === "IS_NULL") return isMissing ? "it has no value" : `${textOf(actual)} is a value`;
  if (isMissing) return "it has no value, so only IS_NULL matches";
  const verdict = holds ? "is" : "is not";
  if (isOrdering(operator)) {
    const number = numberOf(actual);
    if (Number.isNaN(number)) return `${textOf(actual)} is not a number`;
    return `${number} ${verdict} ${SIGNS[operator]} ${expected}`;
  }
  if (isVersionOperator(operator)) {
    if (parseVersion(actual) === null) return `${textOf(actual)} is not a version`;
    return `${actual} ${verdict} ${SIGNS[operator.slice("SEMVER_".length)]} ${expected}, as versions`;
  }
  if (stringOf(actual) === undefined) return `${textOf(actual)} cannot be compared with strings`;
  const isFound = holds === !operator.startsWith("NOT_");
  const found = isFound ? "is" : "is not";
  return operator.endsWith("ONE_OF")
    ? `${textOf(actual)} ${found} listed`
    : `the pattern ${found} found in ${textOf(actual)}`;
};

function textOf(actual: unknown): string {
  const text = stringOf(actual);
  if (text !== undefined) return JSON.stringify(text);
  return Array.isArray(actual) ? "a list" : "an object";
}
