import { decideAlone, evalFeature } from "../dialect/evaluation/evaluate.js";
import type { EvaluationCall } from "../dialect/evaluation/evaluation-call.js";
import { UNKNOWN_FEATURE } from "../dialect/evaluation/feature/decision.js";
import { observed } from "../dialect/evaluation/observed.js";
import { decidedValue, featureResultOf } from "../dialect/evaluation/results.js";
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
    context.featureResult = null;
    return featureResultOf(observed(UNKNOWN_FEATURE, key, context), context);
  }
}

/** The value of {@link evaluateSafely}. No result is created, unless an observer needs it. */
export function valueSafely(key: string, context: EvaluationCall, evaluating: Evaluating): unknown {
  try {
    const decision = decideAlone(key, context);
    if (decision.source === "unknownFeature") evaluating.missed(key);
    return decidedValue(decision, context);
  } catch (cause) {
    report(cause, key, evaluating);
    observed(UNKNOWN_FEATURE, key, context);
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
