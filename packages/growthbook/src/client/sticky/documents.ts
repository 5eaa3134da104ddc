import type { AutoExperiment } from "../../dialect/auto/auto-experiment.js";
import { hashValueOf } from "../../dialect/evaluation/attributes.js";
import type { EvaluationCall } from "../../dialect/evaluation/evaluation-call.js";
import { stickyTextOf } from "../../dialect/evaluation/experiment/sticky.js";
import { stickyAttributesOf } from "../../dialect/sticky-attributes.js";
import type { FeatureDefinitions } from "../../model/payload.js";
import { featureSetOf } from "../received.js";

/**
 * Returns the attribute values whose documents the experiments of rules and of the payload may need. As in the vendor's
 * SDK, a missing attribute is looked up with an empty value.
 */
export function stickyAttributes(
  context: EvaluationCall,
  features: FeatureDefinitions,
  experiments: readonly AutoExperiment[],
): Record<string, string> {
  const ofRules = featureSetOf(features).stickyAttributes;
  const names = new Set([...ofRules, ...stickyAttributesOf([], experiments)]);
  return Object.fromEntries(
    [...names].map((name) => [name, stickyTextOf(hashValueOf(context, name).hashValue)]),
  );
}
