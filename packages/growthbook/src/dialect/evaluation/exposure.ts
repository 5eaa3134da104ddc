import type { ExposureBase } from "@sortition/core/dialect";
import { safeText } from "../safe-text.js";

const NOTHING = /* @__PURE__ */ Object.freeze({});

/** What is logged of a user who was bucketed. */
export function exposureOf(
  featureKey: string,
  ruleId: unknown,
  experiment: unknown,
  variation: unknown,
): ExposureBase {
  return {
    experiment: safeText(experiment),
    featureFlag: featureKey,
    allocation: ruleId ? safeText(ruleId) : null,
    variation: safeText(variation),
    // A feature may run several experiments: holdouts come first.
    deduplicationKey: `${featureKey}\0${safeText(experiment)}`,
    extraLogging: NOTHING,
  };
}
