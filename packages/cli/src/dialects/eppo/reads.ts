import { eppoExplainer } from "@sortition/core/eppo";
import { conditionsIn, NOTHING_READ, type ReadsOf } from "../../judge/flag-reads.js";
import { eppoRules } from "./rules.js";

/** What a flag of Eppo reads. Eppo's flags do not depend on other flags. */
export const eppoReads: ReadsOf = (flagKey, configuration, allocations) => {
  const key = eppoExplainer.payloadKey(configuration, flagKey);
  if (key === null) return NOTHING_READ;
  const conditions = conditionsIn(eppoExplainer.describe(configuration, key), allocations);
  const attributes = conditions.map(({ attribute }) => attribute);
  return {
    attributes: attributes.filter((it) => !eppoRules.keyAttributes.includes(it)),
    flags: [],
    comparisons: conditions.map(({ attribute, expected }) => ({ attribute, expected })),
  };
};
