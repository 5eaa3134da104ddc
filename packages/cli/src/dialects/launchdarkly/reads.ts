import { launchdarklyExplainer } from "@sortition/launchdarkly/explain";
import { conditionsIn, NOTHING_READ, type ReadsOf } from "../../judge/flag-reads.js";
import { launchdarklyRules } from "./rules.js";

/** What a flag of LaunchDarkly reads, including what its segments read. */
export const launchdarklyReads: ReadsOf = (flagKey, configuration, allocations) => {
  const { attributes: names, describe, payloadKey } = launchdarklyExplainer;
  const key = payloadKey(configuration, flagKey);
  if (key === null) return NOTHING_READ;
  const conditions = conditionsIn(describe(configuration, key), allocations);
  const comparisons = conditions
    .flatMap((it) => names.comparisonsIn?.(it, configuration) ?? [it])
    .flatMap((it) => {
      const attribute = names.nameOf?.(it) ?? null;
      return attribute === null ? [] : [{ attribute, expected: it.expected }];
    });
  const attributes = [...new Set(comparisons.map(({ attribute }) => attribute))];
  return {
    attributes: attributes.filter((it) => !launchdarklyRules.keyAttributes.includes(it)),
    flags: conditions
      .filter(({ operator }) => operator === "prerequisite failed")
      .map((it) => it.attribute),
    comparisons,
  };
};
