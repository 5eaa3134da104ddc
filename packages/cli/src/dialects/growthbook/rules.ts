import type { JudgeRules } from "../../judge/flag-judge.js";

/** How GrowthBook evaluates subjects. */
export const growthbookRules: JudgeRules = {
  keyAttributes: ["id"],
  askedType: null,
  attributesOf: (attributes) => attributes,
};
