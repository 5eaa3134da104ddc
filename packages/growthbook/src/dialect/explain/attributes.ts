import { type AttributeNames, type Comparison, isJsonObject } from "@sortition/core/dialect";

/** How GrowthBook's rules name attributes. */
export const GROWTHBOOK_ATTRIBUTES: AttributeNames = {
  always: new Set(["id"]),
  writtenAs: "members",
  nameOf: ({ attribute, operator }) =>
    operator === "gate" || operator === "prerequisite" || attribute.includes(".")
      ? null
      : attribute,
  comparisonsIn: (condition) =>
    condition.attribute === "" && condition.operator.startsWith("$")
      ? comparisonsIn(condition.expected)
      : [condition],
};

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
