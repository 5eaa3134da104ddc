import type { ExposureBase } from "@sortition/core/dialect";

const NOTHING = /* @__PURE__ */ Object.freeze({});

/** What is logged of a user who was bucketed. */
export function exposureOf(
  featureKey: string,
  ruleId: unknown,
  experiment: unknown,
  variation: unknown,
): ExposureBase {
  return {
    experiment: `${experiment}`,
    featureFlag: featureKey,
    allocation: ruleId ? `${ruleId}` : null,
    variation: `${variation}`,
    extraLogging: NOTHING,
  };
}
