import type { JudgeRules } from "../../judge/flag-judge.js";

/** How LaunchDarkly evaluates subjects. */
export const launchdarklyRules: JudgeRules = {
  keyAttributes: ["key"],
  askedType: null,
  attributesOf: (attributes) => attributes,
};
