import type { AttributeNames } from "@sortition/core/dialect";
import { cohortConditions } from "./cohort.js";

const COHORTS: ReadonlySet<string> = new Set(["in", "not_in"]);

/** How PostHog's filters name properties. */
export const POSTHOG_ATTRIBUTES: AttributeNames = {
  always: new Set(["$device_id", "$group_properties", "$groups", "distinct_id"]),
  nameOf: ({ attribute, operator }) =>
    COHORTS.has(operator) || operator === "flag_evaluates_to" ? null : attribute,
  comparisonsIn: (condition, configuration) =>
    COHORTS.has(condition.operator)
      ? cohortConditions(configuration, condition.expected).filter((it) => it.problem === null)
      : [condition],
};

/** Options of the command for attributes that are not properties of the person. */
export const POSTHOG_COMMAND_OPTIONS: ReadonlyMap<string, string> = new Map([
  ["$groups", "groups"],
  ["$group_properties", "group-properties"],
  ["$device_id", "device-id"],
]);
