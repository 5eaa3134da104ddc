import { fault, type Sabotage, wrongOperators } from "@sortition/dialect-kit/differential";

const OPPOSITES: Readonly<Record<string, string>> = {
  exact: "is_not",
  icontains: "not_icontains",
  starts_with: "not_starts_with",
  ends_with: "not_ends_with",
  regex: "not_regex",
  gt: "lte",
  gte: "lt",
  lt: "gte",
  is_date_before: "is_date_after",
  semver_eq: "semver_neq",
  semver_gt: "semver_lte",
  semver_lt: "semver_gte",
  semver_tilde: "semver_neq",
  semver_caret: "semver_neq",
  semver_wildcard: "is_set",
  is_set: "is_not_set",
};

/** One fault for each family of operators and for each other rule. */
export const SABOTAGES: readonly Sabotage[] = [
  ...wrongOperators("operator", OPPOSITES),
  fault("unknown operator", (it) =>
    it["operator"] === "between" ? { ...it, operator: "is_set" } : it,
  ),
  fault("cohort", (it) => (it["type"] === "cohort" ? { ...it, operator: "not_in" } : it)),
  fault("dependency", (it) => (it["type"] === "flag" ? { ...it, value: false } : it)),
  fault("negation", (it) => (it["negation"] ? { ...it, negation: false } : it)),
  fault("rollout", (it) =>
    it["rollout_percentage"] === 50 ? { ...it, rollout_percentage: 0 } : it,
  ),
  fault("holdout", (it) => ("holdout" in it ? { ...it, holdout: null } : it)),
  fault("early exit", (it) => ("early_exit" in it ? { ...it, early_exit: false } : it)),
  fault("variant override", (it) => ("variant" in it ? { ...it, variant: null } : it)),
  fault("groups", (it) =>
    "aggregation_group_type_index" in it ? { ...it, aggregation_group_type_index: 7 } : it,
  ),
  fault("device", (it) =>
    "bucketing_identifier" in it ? { ...it, bucketing_identifier: null } : it,
  ),
  fault("continuity", (it) =>
    "ensure_experience_continuity" in it ? { ...it, ensure_experience_continuity: false } : it,
  ),
  fault("payloads", (it) => ("payloads" in it ? { ...it, payloads: null } : it)),
  fault("matching version", (it) =>
    "group_type_mapping" in it
      ? { ...it, property_matching_version: 3 - Number(it["property_matching_version"] ?? 1) }
      : it,
  ),
];
