import type { JudgeRules } from "../../judge/flag-judge.js";

/** How Eppo evaluates subjects. */
export const eppoRules: JudgeRules = {
  keyAttributes: ["id"],
  askedType: null,
  attributesOf: (attributes) => attributes,
};
