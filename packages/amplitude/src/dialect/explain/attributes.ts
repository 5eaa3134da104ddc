import type {
  AllocationReads,
  AttributeNames,
  ConditionDescription,
} from "@sortition/core/dialect";

/** The engine replaces them with the cohorts of the user and of the groups. */
const LOOKED_UP: ReadonlySet<string> = new Set(["cohort_ids", "group_cohort_ids"]);

/** How Amplitude's conditions name properties. */
export const AMPLITUDE_ATTRIBUTES: AttributeNames = {
  always: new Set(["group_properties", "groups", "user_properties"]),
  lookedUp: LOOKED_UP,
  hasPaths: true,
};

/** Paths of attributes begin with one of these, the longest first. */
const ROOTS: readonly string[] = ["user.user_properties.", "user."];
/** A condition on the result of another flag. */
const RESULT = "result.";
const COHORTS = /(?:^|\.)cohort_ids$/;

/** Returns what a condition reads from the user. */
export function readsOfCondition(condition: ConditionDescription): Partial<AllocationReads> {
  const { attribute: path } = condition;
  if (path.startsWith(RESULT) || COHORTS.test(path)) return {};
  const root = ROOTS.find((it) => path.startsWith(it)) ?? "";
  return { comparisons: [{ ...condition, attribute: path.slice(root.length) }] };
}
