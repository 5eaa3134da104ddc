import type {
  AllocationReads,
  AttributeNames,
  Comparison,
  ConditionDescription,
  Configuration,
} from "@sortition/core/dialect";
import { clausesIn, listOf } from "../clauses-in.js";
import type { LaunchdarklyConfiguration } from "../configuration.js";
import { parseReference } from "../context/attribute-reference.js";
import { stringOf } from "../json-values.js";
import { attributeOf, IN_SEGMENT, REQUIRES_OTHER } from "./describe.js";

/** How LaunchDarkly's clauses name attributes. Attributes of other kinds of contexts are nested in the subject's attributes. */
export const LAUNCHDARKLY_ATTRIBUTES: AttributeNames = {
  always: new Set(["kind", "key", "targetingKey"]),
  hasPaths: true,
};

/** Returns what a clause, a target or a prerequisite reads. The clauses of a segment count as its own. */
export function readsOfCondition(
  condition: ConditionDescription,
  configuration: Configuration,
): Partial<AllocationReads> {
  const { attribute, expected, operator } = condition;
  if (operator === REQUIRES_OTHER) return { flags: [attribute] };
  const comparisons = operator.endsWith(IN_SEGMENT)
    ? ofSegments(expected, configuration as LaunchdarklyConfiguration, new Set()) // an explainer only receives configurations of its dialect
    : [condition];
  return { comparisons: comparisons.flatMap((it) => ({ ...it, attribute: nameOf(it.attribute) })) };
}

/** The name of an attribute, or the path to it if another kind of context has it. */
function nameOf(attribute: string): string {
  const [, kind = "", path = attribute] = /^([\w-]+\.)(.+)$/.exec(attribute) ?? [];
  return `${kind}${parseReference(path, false)?.names[0] ?? path}`;
}

/** Returns the comparisons of segments, and of the segments that they name. */
function ofSegments(
  keys: unknown,
  configuration: LaunchdarklyConfiguration,
  seen: Set<string>,
): readonly Comparison[] {
  return listOf(keys).flatMap((it) => {
    const key = stringOf(it);
    if (seen.has(key)) return [];
    seen.add(key);
    return clausesIn(configuration.segmentWire(key)).flatMap((clause): readonly Comparison[] => {
      const { op, values } = clause;
      if (op === IN_SEGMENT) return ofSegments(values, configuration, seen);
      return [{ attribute: attributeOf(clause), operator: stringOf(op), expected: values }];
    });
  });
}
