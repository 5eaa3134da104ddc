import type { FeatureResult } from "../wire.js";
import type { EvaluationCall } from "./evaluation-call.js";
import { type Decision, valueFor } from "./feature/decision.js";

/** Returns the vendor's result of the last decided feature. It is created on first use. */
export function featureResultOf(decision: Decision, context: EvaluationCall): FeatureResult {
  context.featureResult ??= makeResult(decision, context);
  return context.featureResult;
}

/**
 * Returns the value of {@link featureResultOf}. The result itself is created only if the value is an object, because
 * each result has its own copy.
 */
export function decidedValue(decision: Decision, context: EvaluationCall): unknown {
  const { value } = decision;
  if (typeof value !== "object" || value === null) return value;
  return context.observer === null ? valueFor(decision) : featureResultOf(decision, context).value;
}

function makeResult(decision: Decision, context: EvaluationCall): FeatureResult {
  const { ruleId, source } = decision;
  const made = source === "experiment" && context.outcome !== null ? context.outcome.made : null;
  const value = made === null ? valueFor(decision) : made.result.value;
  const result: FeatureResult = { value, on: !!value, off: !value, source, ruleId: ruleId || "" };
  if (made !== null) {
    result.experiment = made.experiment;
    result.experimentResult = made.result;
  }
  return result;
}
