import type { EvaluationContext } from "../dialect/evaluation/context.js";
import { evalFeature, featureValue } from "../dialect/evaluation/evaluate.js";
import { MalformedError } from "../dialect/malformed.js";
import type { FeatureResult } from "../dialect/wire.js";
import type { Reports } from "./reports.js";

/** Evaluates a feature. Where the vendor throws, a malformed feature is as good as an unknown one. */
export function evaluateSafely(
  key: string,
  context: EvaluationContext,
  reports: () => Reports,
): FeatureResult {
  try {
    return evalFeature(key, context);
  } catch (cause) {
    report(cause, key, reports);
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
export function valueSafely(
  key: string,
  context: EvaluationContext,
  reports: () => Reports,
): unknown {
  if (context.observer !== null) return evaluateSafely(key, context, reports).value;
  try {
    return featureValue(key, context);
  } catch (cause) {
    report(cause, key, reports);
    return null;
  }
}

function report(cause: unknown, key: string, reports: () => Reports): void {
  const path = cause instanceof MalformedError ? cause.path : `$.features[${JSON.stringify(key)}]`;
  reports().error("malformed feature", cause, { path });
}
