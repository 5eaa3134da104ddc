import type { EvaluationCall } from "../evaluation-call.js";
import { observed } from "../observed.js";
import { CYCLIC, type Decision, decisionOf, UNKNOWN_FEATURE } from "./decision.js";

/**
 * Evaluates a requested feature or a prerequisite by its key.
 *
 * @param id - as received. A prerequisite may name a feature by a value that is not a string.
 * @throws MalformedError if the vendor's SDK throws.
 */
export function decideFeature(id: string, context: EvaluationCall): Decision {
  const { observer } = context;
  if (context.isOnPath(id)) {
    const from = context.begunFeature;
    observer?.log?.(`evalFeature: circular dependency detected: ${from} -> ${id}`, {
      from,
      to: id,
    });
    return observed(CYCLIC, id, context);
  }
  if (context.forcedFeatures !== null || context.globalForcedFeatures !== null) {
    const forced = forcedValue(id, context);
    if (forced !== null) return forced;
  }
  const feature = context.features.feature(typeof id === "string" ? id : `${id as unknown}`);
  if (feature === null) {
    observer?.log?.("Unknown feature", { id });
    return observed(UNKNOWN_FEATURE, id, context);
  }
  return feature.decide(id, context);
}

function forcedValue(id: string, context: EvaluationCall): Decision | null {
  const { forcedFeatures, globalForcedFeatures, observer } = context;
  const values = forcedFeatures?.has(id)
    ? forcedFeatures
    : globalForcedFeatures?.has(id)
      ? globalForcedFeatures
      : null;
  if (values === null) return null;
  const value = values.get(id);
  observer?.log?.("Global override", { id, value });
  return decisionOf("override", value, {
    how: "static",
    ruleId: undefined,
    variation: null,
    exposure: null,
    isGiven: true,
  });
}
