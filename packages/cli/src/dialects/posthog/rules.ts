import type { JudgeRules } from "../../judge/flag-judge.js";

/** How PostHog evaluates subjects. */
export const posthogRules: JudgeRules = {
  keyAttributes: ["distinct_id"],
  askedType: null,
  attributesOf: (attributes) => attributes,
  noVariation: "false",
};
