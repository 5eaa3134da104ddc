import { type ConditionDescription, isJsonObject } from "@sortition/core/dialect";

/** A comparison of an attribute. */
export type Comparison = Pick<ConditionDescription, "attribute" | "expected" | "operator">;

/** Conditions that nest more deeply are ignored. */
const MAX_DEPTH = 8;

/** Returns the comparisons in a group of conditions (GrowthBook). */
export function nestedComparisons(wire: unknown, depth = 0): readonly Comparison[] {
  if (depth > MAX_DEPTH) return [];
  if (Array.isArray(wire)) return wire.flatMap((it) => nestedComparisons(it, depth + 1));
  if (!isJsonObject(wire)) return [];
  return Object.entries(wire).flatMap(([attribute, value]): readonly Comparison[] => {
    if (attribute.startsWith("$")) return nestedComparisons(value, depth + 1);
    if (!isJsonObject(value)) return [{ attribute, operator: "=", expected: value }];
    return Object.entries(value).map(([operator, expected]) => ({ attribute, operator, expected }));
  });
}
