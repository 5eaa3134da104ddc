import type { EvaluationCall } from "./evaluation-call.js";
import type { Decision } from "./feature/decision.js";

/** Notifies the observer of a decision, and returns it. */
export function observed(decision: Decision, id: string, context: EvaluationCall): Decision {
  if (context.observer !== null) {
    context.featureResult = null;
    context.observer.used(id, decision, context);
  }
  return decision;
}
