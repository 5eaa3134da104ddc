import { EvaluationError } from "../../errors/errors.js";
import type { Evaluation } from "../../model/evaluation.js";
import type { ValueType } from "../../model/flag.js";

const ABSENT: Evaluation = { kind: "default", reason: "no-allocation" };

/**
 * The evaluation of a flag without a declared type, as a getter returns it: an absent value
 * (`undefined`) becomes a default without an exposure, since the caller does not get the variation.
 *
 * @param expectedType - of the getter; `null`: any type fits.
 * @throws EvaluationError if the value is of another type.
 * @see docs/spec/lifecycle.md §6
 */
export function fitting(
  evaluation: Evaluation,
  flagKey: string,
  expectedType: ValueType | null,
): Evaluation {
  if (evaluation.kind !== "assigned") return evaluation;
  const { json, value } = evaluation;
  if (json === null && value === undefined) return ABSENT;
  if (expectedType === null) return evaluation;
  // Well-formed JSON fits the JSON getter without being parsed.
  if (json !== null && expectedType === "json") return evaluation;
  if (isOfType(json === null ? value : JSON.parse(json), expectedType)) return evaluation;
  const message = `the value of flag "${flagKey}" is not of type ${expectedType}`;
  throw new EvaluationError("SORTITION_TYPE_MISMATCH", flagKey, message);
}

/** Whether a getter of this type may return the value. */
function isOfType(value: unknown, type: ValueType): boolean {
  switch (type) {
    case "boolean":
      return typeof value === "boolean";
    case "integer":
      return Number.isSafeInteger(value);
    case "numeric":
      return Number.isFinite(value);
    case "string":
      return typeof value === "string";
    case "json":
      return isJson(value);
  }
}

/** Whether JSON can express the value; members of objects and lists are not checked. */
function isJson(value: unknown): boolean {
  switch (typeof value) {
    case "number":
      return Number.isFinite(value);
    case "string":
    case "boolean":
    case "object":
      return true;
    default:
      return false;
  }
}
