import type { JudgeRules } from "../../judge/flag-judge.js";
import { userOfColumns, withoutNestedProperties } from "./user-properties.js";

/** How Amplitude evaluates subjects. */
export const amplitudeRules: JudgeRules = {
  keyAttributes: ["user_id"],
  // Every variant can be read as this type, even a variant without a value.
  askedType: "boolean",
  attributesOf: withoutNestedProperties,
  ofColumns: userOfColumns,
  noVariation: "off",
};
