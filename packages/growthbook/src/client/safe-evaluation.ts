import { decideAlone, evalFeature } from "../dialect/evaluation/evaluate.js";
import type { EvaluationCall } from "../dialect/evaluation/evaluation-call.js";
import { valueFor } from "../dialect/evaluation/feature/decision.js";
import { MalformedError } from "../dialect/malformed.js";
import type { FeatureResult } from "../dialect/wire.js";
import type { Reports } from "../messages/reports.js";

/** Who evaluates, and what it does with mistakes. */
export interface Evaluating {
  readonly reports: Reports;
  /** The feature that was asked for does not exist. */
  missed(key: unknown): void;
}

/** Evaluates a feature. Where the vendor throws, a malformed feature is as good as an unknown one. */
export function evaluateSafely(
  key: string,
  context: EvaluationCall,
  evaluating: Evaluating,
): FeatureResult {
  try {
    const result = evalFeature(key, context);
    if (result.source === "unknownFeature") evaluating.missed(key);
    return result;
  } catch (cause) {
    report(cause, key, evaluating);
    const result: FeatureResult = {
      value: null,
      on: false,
      off: true,
      source: "unknownFeature",
      ruleId: "",
    };
    context.observer?.used(key, result);
    return result;
  }
}

/** The value of a feature without observers; no result is created. */
export function valueSafely(key: string, context: EvaluationCall, evaluating: Evaluating): unknown {
  if (context.observer !== null) return evaluateSafely(key, context, evaluating).value;
  try {
    const decision = decideAlone(key, context);
    if (decision.source === "unknownFeature") evaluating.missed(key);
    return valueFor(decision);
  } catch (cause) {
    report(cause, key, evaluating);
    return null;
  }
}

function report(cause: unknown, key: string, evaluating: Evaluating): void {
  if (cause instanceof MalformedError) {
    evaluating.reports.error("malformed feature", cause, { path: cause.path });
  } else if (typeof key === "string") {
    const path = `$.features[${JSON.stringify(key)}]`;
    evaluating.reports.error("malformed feature", cause, { path });
  } else {
    // JavaScript callers may pass a symbol, or an object that has no string form.
    evaluating.missed(key);
  }
}
