import type { JudgeRules } from "../../judge/flag-judge.js";
import { withoutNestedProperties, withUserProperties } from "./user-properties.js";

/** How Amplitude evaluates subjects. */
export const amplitudeRules: JudgeRules = {
  keyAttributes: ["user_id"],
  // Each variant has a value of this type, also one without a value of its own.
  askedType: "boolean",
  attributesOf: withoutNestedProperties,
  ofColumns: withUserProperties,
  noVariation: "off",
};
