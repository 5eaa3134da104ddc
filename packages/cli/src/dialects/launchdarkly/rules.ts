import type { JudgeRules } from "../../judge/flag-judge.js";
import { contextOfColumns } from "./context-of-columns.js";

/** How LaunchDarkly evaluates subjects. */
export const launchdarklyRules: JudgeRules = {
  // A subject without a kind is a user, and its key may be outside of the attributes.
  keyAttributes: ["kind", "key", "targetingKey"],
  askedType: null,
  attributesOf: (attributes) => attributes,
  ofColumns: contextOfColumns,
};
