import type { EvaluationCall } from "./evaluation-call.js";
import type { Decision } from "./feature/decision.js";
import { featureResultOf } from "./results.js";

/** Tells the observer what was decided. */
export function observed(decision: Decision, id: string, context: EvaluationCall): Decision {
  if (context.observer !== null) {
    const result = featureResultOf(decision, context);
    context.featureResult = result;
    context.observer.used(id, result);
  }
  return decision;
}
