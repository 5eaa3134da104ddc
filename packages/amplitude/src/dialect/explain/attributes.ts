import type { AttributeNames } from "@sortition/core/dialect";
import { USER_FIELDS } from "../user.js";

/** The engine replaces them with the cohorts of the user and of the groups. */
const LOOKED_UP: ReadonlySet<string> = new Set(["cohort_ids", "group_cohort_ids"]);

/** How Amplitude's conditions name properties. */
export const AMPLITUDE_ATTRIBUTES: AttributeNames = {
  always: new Set(["group_properties", "groups", "user_properties"]),
  lookedUp: LOOKED_UP,
  nameOf({ attribute }) {
    const [root, field = "", property = null, ...nested] = attribute.split(".");
    if (root !== "user" || nested.length > 0) return null;
    if (property === null) return USER_FIELDS.has(field) && !LOOKED_UP.has(field) ? field : null;
    return field === "user_properties" ? property : null;
  },
};
