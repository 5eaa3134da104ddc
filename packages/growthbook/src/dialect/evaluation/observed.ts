import type { EvaluationCall } from "./evaluation-call.js";
import type { Decision } from "./feature/decision.js";

/** Tells the observer what was decided. */
export function observed(decision: Decision, id: string, context: EvaluationCall): Decision {
  if (context.observer !== null) {
    context.featureResult = null;
    context.observer.used(id, decision, context);
  }
  return decision;
}
