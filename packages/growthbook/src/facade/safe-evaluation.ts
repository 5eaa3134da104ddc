import type { EvaluationContext } from "../dialect/evaluation/context.js";
import { evalFeature } from "../dialect/evaluation/evaluate.js";
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
    const path =
      cause instanceof MalformedError ? cause.path : `$.features[${JSON.stringify(key)}]`;
    reports().error("malformed feature", cause, { path });
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
