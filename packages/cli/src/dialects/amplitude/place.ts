import { type PlaceOfCondition, resultsPlace } from "../place.js";

/** The result of another flag, such as a mutual exclusion group. */
const RESULT = /^result\.(.+)\.key$/;

/** The place of a condition that a mutual exclusion group, or another flag, has a result. */
export const amplitudePlace: PlaceOfCondition = ({ attribute, expected, operator }) => {
  const flag = RESULT.exec(attribute)?.[1];
  if (flag === undefined || (operator !== "is" && operator !== "is not")) return null;
  const values: readonly unknown[] = Array.isArray(expected) ? expected : [expected];
  if (!values.every((it) => typeof it === "string")) return null;
  // The vendor compares these two without regard to case, or also with a flag that has no result.
  if (values.some((it) => /^(?:true|false|\(none\))$/i.test(it))) return null;
  return resultsPlace(flag, values, operator === "is not");
};
