import { type ExplainedFlag, isJsonObject } from "@sortition/core/dialect";
import { stringOf } from "@sortition/core/dialect-internal";
import type { TestedFilter } from "../condition/condition.js";
import type { PosthogConfiguration } from "../configuration.js";
import type { FlagDefinition } from "../flag-wire.js";
import { cohortConditions } from "./cohort.js";

/** Attributes that the tested filters need and the call lacks, by allocation. */
export type MissingByAllocation = Map<string, string[]>;

/** Lists the attributes that a filter reads and a call lacks, in the notation of callers. */
export function missingIn({ call, wire }: TestedFilter): readonly string[] {
  if (!isJsonObject(wire) || wire["type"] === "flag") return [];
  const configuration = call.configuration as PosthogConfiguration; // of this dialect
  const names =
    wire["type"] === "cohort"
      ? cohortConditions(configuration, wire["value"]).map(({ attribute }) => attribute)
      : [stringOf(wire["key"])];
  const missing = [...new Set(names)].filter((it) => it !== "" && !call.has(it));
  if (call.owner === "person") return missing;
  const type = configuration.groupType(wire["group_type_index"]);
  return type === null ? [] : missing.map((it) => `$group_properties.${type}.${it}`);
}

/** Lists all attributes that the evaluation of a flag needed and the subject lacks. */
export function missingFor(
  { allocations }: ExplainedFlag,
  definition: FlagDefinition,
  configuration: PosthogConfiguration,
  byAllocation: MissingByAllocation,
): readonly string[] {
  const conditions = definition.conditions ?? [];
  const group = (index: unknown): readonly string[] => {
    const type = configuration.groupType(index);
    return type === null ? [] : [`$groups.${type}`];
  };
  const { groupTypeIndex, hasContinuity, isActive } = definition;
  if (!isActive || hasContinuity || conditions.every((it) => it === null)) return [];
  if (allocations.every(({ outcome }) => outcome === "not-reached")) {
    if ((groupTypeIndex ?? null) !== null) return group(groupTypeIndex);
    return definition.isByDevice ? ["$device_id"] : [];
  }
  const missing = allocations.flatMap(({ key, outcome }, i) => {
    const tested = byAllocation.get(key);
    if (tested !== undefined) return tested;
    // Without the group of a condition, its filters are not tested.
    const condition = conditions[i - (allocations.length - conditions.length)];
    return outcome === "no-rule-holds" ? group(condition?.groupTypeIndex) : [];
  });
  return [...new Set(missing)];
}
