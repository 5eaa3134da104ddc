import { type PlaceOfCondition, resultsPlace } from "../place.js";

const REQUIRES_OTHER = "prerequisite failed";

/** The place of a prerequisite, whose condition means all other variations of the required flag. */
export const launchdarklyPlace: PlaceOfCondition = ({ attribute, expected, operator }) =>
  operator === REQUIRES_OTHER ? resultsPlace(attribute, [String(expected)], true) : null;
