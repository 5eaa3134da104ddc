import {
  type AllocationReads,
  type AttributeNames,
  type Comparison,
  type ConditionDescription,
  isJsonObject,
} from "@sortition/core/dialect";

/** How GrowthBook's rules name attributes. */
export const GROWTHBOOK_ATTRIBUTES: AttributeNames = {
  always: new Set(["id"]),
  hasPaths: true,
  writtenAs: "members",
};

/** Prefix of the attribute in the description of a prerequisite. */
const FEATURE = "feature ";

/** Returns what a condition reads, including what it groups. */
export function readsOfCondition(condition: ConditionDescription): Partial<AllocationReads> {
  const { attribute, expected, operator } = condition;
  if (operator === "gate" || operator === "prerequisite") {
    return { flags: [attribute.slice(FEATURE.length)] };
  }
  return { comparisons: attribute === "" ? comparisonsIn(expected) : [condition] };
}

/** Conditions that nest more deeply are ignored. */
const MAX_NESTED = 8;

/** Returns the comparisons in a group of conditions. */
export function comparisonsIn(wire: unknown, depth = 0): readonly Comparison[] {
  if (depth > MAX_NESTED) return [];
  if (Array.isArray(wire)) return wire.flatMap((it) => comparisonsIn(it, depth + 1));
  if (!isJsonObject(wire)) return [];
  return Object.entries(wire).flatMap(([attribute, value]) => {
    if (attribute.startsWith("$")) return comparisonsIn(value, depth + 1);
    if (!isJsonObject(value)) return [{ attribute, operator: "=", expected: value }];
    return Object.entries(value).map(([operator, expected]) => ({ attribute, operator, expected }));
  });
}
