import { type ExposureBase, viaOf } from "@sortition/core/dialect";
import { safeText } from "../../safe-text.js";

const NOTHING = /* @__PURE__ */ Object.freeze({});

/** What is logged of a user who was bucketed. */
export function exposureOf(
  featureKey: string,
  ruleId: unknown,
  experimentKey: unknown,
  variation: unknown,
): ExposureBase {
  const experiment = safeText(experimentKey);
  const allocation = ruleId ? safeText(ruleId) : null;
  return {
    experiment,
    featureFlag: featureKey,
    allocation,
    variation: safeText(variation),
    // A feature may run several experiments: holdouts come first.
    deduplicationKey: `${featureKey}\0${experiment}`,
    via: viaOf(featureKey, { allocation, experiment }),
    extraLogging: NOTHING,
  };
}
