import { USER_FIELDS } from "@sortition/amplitude/dialect";
import type { Configuration } from "@sortition/core";
import type { ConditionDescription } from "@sortition/core/dialect";
import { comparisonsIn as nestedComparisons } from "@sortition/growthbook/explain";
import { cohortConditions } from "@sortition/posthog/explain";
import type { DialectName } from "../config/config.js";
import { EXPLAINERS } from "./explainers.js";

type Comparison = Pick<ConditionDescription, "attribute" | "expected" | "operator">;

/** An attribute that targeting rules read. */
export interface KnownAttribute {
  readonly name: string;
  /** Values that the rules compare it with. */
  readonly values: readonly string[];
}

/** Limits the time for very large configurations, of which evenly spaced flags are read. */
const MAX_FLAGS = 200;
const MAX_ATTRIBUTES = 20;
const MAX_VALUES = 20;
const MAX_LENGTH = 100;

/** Attributes that Amplitude's engine replaces with the cohorts of the subject key and the groups. */
export const LOOKED_UP: ReadonlySet<string> = new Set(["cohort_ids", "group_cohort_ids"]);

/**
 * Returns the name under which a subject has the attribute of a condition; `null` if users cannot enter it,
 * because it is nested, or is another flag or a cohort.
 */
const ENTERED_NAMES: Readonly<Record<DialectName, (condition: Comparison) => string | null>> = {
  eppo: ({ attribute }) => attribute,
  datadog: ({ attribute }) => attribute,
  growthbook: ({ attribute, operator }) =>
    operator === "gate" || operator === "prerequisite" || attribute.includes(".")
      ? null
      : attribute,
  amplitude({ attribute }) {
    const [, field = "", property = null, ...nested] = attribute.split(".");
    if (!attribute.startsWith("user.") || nested.length > 0) return null;
    if (property === null) return USER_FIELDS.has(field) && !LOOKED_UP.has(field) ? field : null;
    return field === "user_properties" ? property : null;
  },
  posthog: ({ attribute, operator }) =>
    ["in", "not_in", "flag_evaluates_to"].includes(operator) ? null : attribute,
};

/** Lists the attributes that the rules of a configuration read, most frequent first. Hashed names are omitted. */
export function knownAttributes(
  configuration: Configuration,
  dialect: DialectName,
): readonly KnownAttribute[] {
  const found = new Map<string, { uses: number; readonly values: Set<string> }>();
  const distance = Math.ceil(configuration.flagKeys.size / MAX_FLAGS);
  const read = [...configuration.flagKeys].filter((_, i) => i % distance === 0);
  for (const flagKey of read) {
    const { allocations, isHashed } = EXPLAINERS[dialect].describe(configuration, flagKey);
    if (isHashed) continue;
    const conditions = allocations.flatMap(({ rules }) => rules).flatMap((it) => it.conditions);
    for (const condition of conditions.flatMap((it) => comparisonsOf(it, configuration, dialect))) {
      const { expected, operator } = condition;
      const name = ENTERED_NAMES[dialect](condition);
      if (name === null || name === "" || name.length > MAX_LENGTH) continue;
      const known = found.get(name) ?? { uses: 0, values: new Set<string>() };
      found.set(name, known);
      known.uses += 1;
      if (/null|exists|set|match|regex/i.test(operator)) continue;
      for (const value of Array.isArray(expected) ? expected : [expected]) {
        if (known.values.size < MAX_VALUES && isSuggestible(value)) known.values.add(`${value}`);
      }
    }
  }
  return [...found]
    .sort(([, a], [, b]) => b.uses - a.uses)
    .slice(0, MAX_ATTRIBUTES)
    .map(([name, { values }]) => ({ name, values: [...values] }));
}

/** Returns a condition itself, or the conditions in its group (GrowthBook) or cohort (PostHog). */
function comparisonsOf(
  condition: ConditionDescription,
  configuration: Configuration,
  dialect: DialectName,
): readonly Comparison[] {
  const { attribute, expected, operator, problem } = condition;
  if (problem !== null) return [];
  if (dialect === "posthog" && (operator === "in" || operator === "not_in")) {
    return cohortConditions(configuration, expected).filter((it) => it.problem === null);
  }
  return attribute === "" && operator.startsWith("$") ? nestedComparisons(expected) : [condition];
}

function isSuggestible(value: unknown): boolean {
  return (
    (typeof value === "string" && value.length <= MAX_LENGTH) ||
    typeof value === "number" ||
    typeof value === "boolean"
  );
}
