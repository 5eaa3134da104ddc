import { isObject } from "@sortition/core/dialect-internal";
import { isOrdinaryKey } from "./property-filter.js";

/**
 * Returns whether two filters, as received, compare the same property with the same strings. Their outcomes are then
 * equal for the same properties. This is common, because the condition groups of a flag often begin alike.
 */
export function isSameComparison(left: unknown, right: unknown): boolean {
  if (!isObject(left) || !isObject(right)) return false;
  const { key, operator, type, value } = left;
  return (
    typeof key === "string" &&
    isOrdinaryKey(key) &&
    (operator === "exact" || operator === "is_not") &&
    type === "person" &&
    key === right["key"] &&
    operator === right["operator"] &&
    type === right["type"] &&
    areSameTexts(value, right["value"])
  );
}

function areSameTexts(left: unknown, right: unknown): boolean {
  if (typeof left === "string") return left === right;
  if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false;
  return left.every((item, i) => typeof item === "string" && item === right[i]);
}
