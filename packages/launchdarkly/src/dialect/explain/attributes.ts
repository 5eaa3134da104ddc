import type { AttributeNames, Comparison, ConditionDescription } from "@sortition/core/dialect";
import { clausesIn, listOf } from "../clauses-in.js";
import type { LaunchdarklyConfiguration } from "../configuration.js";
import { parseReference } from "../context/attribute-reference.js";
import { textOf } from "../json-values.js";
import { attributeOf, IN_SEGMENT, REQUIRES_OTHER } from "./describe.js";

/** How LaunchDarkly's clauses name attributes. Attributes of other kinds of contexts are nested in the subject's attributes. */
export const LAUNCHDARKLY_ATTRIBUTES: AttributeNames = {
  always: new Set(["kind", "key", "targetingKey"]),
  nameOf({ attribute, operator }) {
    if (operator.endsWith(IN_SEGMENT) || operator === REQUIRES_OTHER) return null;
    if (attribute === "key" || /^[\w-]+\./.test(attribute)) return null;
    return parseReference(attribute, false)?.names[0] ?? null;
  },
  comparisonsIn: (condition, configuration) =>
    condition.operator.endsWith(IN_SEGMENT)
      ? ofSegments(condition.expected, configuration as LaunchdarklyConfiguration, new Set()) // an explainer only receives configurations of its dialect
      : comparisonOf(condition),
};

function comparisonOf(condition: ConditionDescription): readonly Comparison[] {
  return condition.operator === REQUIRES_OTHER ? [] : [condition];
}

/** Returns the comparisons of segments, and of the segments that they name. */
function ofSegments(
  keys: unknown,
  configuration: LaunchdarklyConfiguration,
  seen: Set<string>,
): readonly Comparison[] {
  return listOf(keys).flatMap((it) => {
    const key = textOf(it);
    if (seen.has(key)) return [];
    seen.add(key);
    return clausesIn(configuration.segmentWire(key)).flatMap((clause): readonly Comparison[] => {
      const { op, values } = clause;
      if (op === IN_SEGMENT) return ofSegments(values, configuration, seen);
      return [{ attribute: attributeOf(clause), operator: textOf(op), expected: values }];
    });
  });
}
