import { fitsGetter } from "../../conditions/fits-getter.js";
import { EvaluationError } from "../../errors/errors.js";
import type { Evaluation } from "../../model/evaluation.js";
import type { ValueType } from "../../model/flag.js";

const ABSENT: Evaluation = { kind: "default", reason: "no-allocation" };

/**
 * Returns the evaluation of a flag without a declared type as a getter returns it. An absent value (`undefined`)
 * becomes a default without an exposure, because the caller does not get the variation.
 *
 * @param expectedType - of the getter. `null`: any type fits.
 * @throws EvaluationError if the value has another type.
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
  // Well-formed JSON fits the JSON getter, so it need not be parsed.
  if (json !== null && expectedType === "json") return evaluation;
  if (fitsGetter(json === null ? value : JSON.parse(json), expectedType)) return evaluation;
  const type = json === null ? typeof value : "JSON";
  const message = `the value of flag "${flagKey}" is of type ${type}, not ${expectedType}`;
  throw new EvaluationError("SORTITION_TYPE_MISMATCH", flagKey, message);
}
