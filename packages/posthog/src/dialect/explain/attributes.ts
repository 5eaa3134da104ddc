import type {
  AllocationReads,
  AttributeNames,
  ConditionDescription,
  Configuration,
} from "@sortition/core/dialect";
import { cohortConditions } from "./cohort.js";

const COHORTS: ReadonlySet<string> = new Set(["in", "not_in"]);

/** How PostHog's filters name properties. */
export const POSTHOG_ATTRIBUTES: AttributeNames = {
  always: new Set(["$device_id", "$group_properties", "$groups", "distinct_id"]),
};

/** Prefix of the attribute in the description of a dependency. */
const FLAG = "flag ";

/** Returns what a filter reads. The filters of a cohort count as its own. */
export function readsOfFilter(
  filter: ConditionDescription,
  configuration: Configuration,
): Partial<AllocationReads> {
  const { attribute, expected, operator } = filter;
  if (operator === "flag_evaluates_to") return { flags: [attribute.slice(FLAG.length)] };
  if (!COHORTS.has(operator)) return { comparisons: [filter] };
  return {
    comparisons: cohortConditions(configuration, expected).filter((it) => it.problem === null),
  };
}

/** Options of the command for attributes that are not properties of the person. */
export const POSTHOG_COMMAND_OPTIONS: ReadonlyMap<string, string> = new Map([
  ["$groups", "groups"],
  ["$group_properties", "group-properties"],
  ["$device_id", "device-id"],
]);
