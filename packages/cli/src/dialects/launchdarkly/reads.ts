import { launchdarklyExplainer } from "@sortition/launchdarkly/explain";
import { conditionsIn, NOTHING_READ, type ReadsOf } from "../../judge/flag-reads.js";

/** What a flag of LaunchDarkly reads, including what its segments read. */
export const launchdarklyReads: ReadsOf = (flagKey, configuration, allocations) => {
  const { attributes, describe, payloadKey } = launchdarklyExplainer;
  const key = payloadKey(configuration, flagKey);
  if (key === null) return NOTHING_READ;
  const conditions = conditionsIn(describe(configuration, key), allocations);
  const comparisons = conditions
    .flatMap((it) => attributes.comparisonsIn?.(it, configuration) ?? [it])
    .flatMap((it) => {
      const attribute = attributes.nameOf?.(it) ?? null;
      return attribute === null ? [] : [{ attribute, expected: it.expected }];
    });
  return {
    attributes: [...new Set(comparisons.map(({ attribute }) => attribute))],
    flags: conditions
      .filter(({ operator }) => operator === "prerequisite failed")
      .map((it) => it.attribute),
    comparisons,
  };
};
