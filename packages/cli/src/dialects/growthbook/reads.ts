import { growthbookExplainer } from "@sortition/growthbook/explain";
import { isJsonObject } from "../../evaluate/request.js";
import {
  type Comparison,
  conditionsIn,
  NOTHING_READ,
  type ReadsOf,
} from "../../judge/flag-reads.js";
import { growthbookRules } from "./rules.js";

/** Prefix of the attribute in the description of a prerequisite. */
const FEATURE = "feature ";
const PREREQUISITES: readonly string[] = ["gate", "prerequisite"];

/** What a feature of GrowthBook reads. */
export const growthbookReads: ReadsOf = (flagKey, configuration, allocations) => {
  if (!configuration.flagKeys.has(flagKey)) return NOTHING_READ;
  const comparisons: Comparison[] = [];
  const flags: string[] = [];
  for (const { attribute, expected, operator } of conditionsIn(
    growthbookExplainer.describe(configuration, flagKey),
    allocations,
  )) {
    if (PREREQUISITES.includes(operator)) flags.push(attribute.slice(FEATURE.length));
    else if (attribute === "") comparisons.push(...comparisonsIn(expected));
    else comparisons.push({ attribute, expected });
  }
  const attributes = comparisons.map(({ attribute }) => attribute);
  return {
    attributes: attributes.filter((it) => !growthbookRules.keyAttributes.includes(it)),
    flags,
    comparisons,
  };
};

/** Returns the comparisons in a condition, including those nested in `$and`, `$or`, `$nor` and `$not`. */
function comparisonsIn(condition: unknown): readonly Comparison[] {
  if (Array.isArray(condition)) return condition.flatMap(comparisonsIn);
  if (!isJsonObject(condition)) return [];
  return Object.entries(condition).flatMap(([name, value]) =>
    name.startsWith("$") ? comparisonsIn(value) : [{ attribute: name, expected: value }],
  );
}
