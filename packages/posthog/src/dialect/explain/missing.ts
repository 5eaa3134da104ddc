import { isJsonObject } from "@sortition/core/dialect";
import { FALSE } from "../condition/tri.js";
import type { PosthogConfiguration } from "../configuration.js";
import type { EvaluationCall } from "../evaluation/evaluation-call.js";
import type { FlagDefinition } from "../flag-wire.js";
import { cohortConditions } from "./cohort.js";
import type { Observations } from "./observations.js";
import { textOf } from "./text.js";

/** Lists the attributes that a filter reads and a call lacks, in the notation of callers. */
export function missingIn(wire: unknown, call: EvaluationCall): readonly string[] {
  if (!isJsonObject(wire) || wire["type"] === "flag") return [];
  const configuration = call.configuration as PosthogConfiguration; // of this dialect
  const names =
    wire["type"] === "cohort"
      ? cohortConditions(configuration, wire["value"]).map(({ attribute }) => attribute)
      : [textOf(wire["key"])];
  const missing = [...new Set(names)].filter((it) => it !== "" && !call.has(it));
  if (call.owner === "person") return missing;
  const type = configuration.groupType(wire["group_type_index"]);
  return type === null ? [] : missing.map((it) => `$group_properties.${type}.${it}`);
}

/** Lists all attributes that the evaluation of a flag needed and the subject lacks. */
export function missingFor(
  definition: FlagDefinition,
  configuration: PosthogConfiguration,
  observations: Observations,
): readonly string[] {
  const conditions = (definition.conditions ?? []).filter((it) => it !== null);
  const group = (index: unknown): readonly string[] => {
    const type = configuration.groupType(index);
    return type === null ? [] : [`$groups.${type}`];
  };
  if (!definition.isActive || definition.hasContinuity || conditions.length === 0) return [];
  const isReached =
    observations.ofHoldout(definition) !== undefined ||
    conditions.some((it) => observations.ofCondition(it) !== undefined);
  const { groupTypeIndex } = definition;
  if (!isReached) {
    if ((groupTypeIndex ?? null) !== null) return group(groupTypeIndex);
    return definition.isByDevice ? ["$device_id"] : [];
  }
  const missing = conditions.flatMap((condition) => {
    const seen = (condition.filters ?? []).flatMap((it) =>
      it === null ? [] : (observations.ofFilter(it) ?? []),
    );
    // Without the group of a condition, its filters are not tested.
    const isOfOther = (condition.groupTypeIndex ?? groupTypeIndex) !== groupTypeIndex;
    const hasNoGroup = isOfOther && observations.ofCondition(condition)?.outcome === FALSE;
    if (hasNoGroup && seen.length === 0) return group(condition.groupTypeIndex);
    return seen.flatMap((it) => it.missing);
  });
  return [...new Set(missing)];
}
