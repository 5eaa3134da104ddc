import { fault, type Sabotage, wrongOperators } from "@sortition/dialect-kit/differential";

const OPPOSITES: Readonly<Record<string, string>> = {
  any: "none",
  none: "any",
  any_case_sensitive: "none_case_sensitive",
  none_case_sensitive: "any_case_sensitive",
  str_starts_with_any: "str_contains_none",
  str_ends_with_any: "str_contains_none",
  str_contains_any: "str_contains_none",
  str_contains_none: "str_contains_any",
  str_matches: "any",
  gt: "lte",
  gte: "lt",
  lt: "gte",
  lte: "gt",
  version_gt: "version_lte",
  version_gte: "version_lt",
  version_lt: "version_gte",
  version_lte: "version_gt",
  version_eq: "version_neq",
  version_neq: "version_eq",
  before: "after",
  after: "before",
  on: "before",
  eq: "neq",
  neq: "eq",
  array_contains_any: "array_contains_none",
  array_contains_none: "array_contains_any",
  array_contains_all: "not_array_contains_all",
  not_array_contains_all: "array_contains_all",
};

/** One fault for each operator and for each other rule. */
export const SABOTAGES: readonly Sabotage[] = [
  ...wrongOperators("operator", OPPOSITES),
  fault("salt", (it) => ("salt" in it ? { ...it, salt: "other" } : it)),
  fault("percentage", (it) => (it["passPercentage"] === 50 ? { ...it, passPercentage: 0 } : it)),
  fault("gate", (it) => (it["type"] === "pass_gate" ? { ...it, type: "fail_gate" } : it)),
  fault("type of ID", (it) => (it["idType"] === "companyID" ? { ...it, idType: "userID" } : it)),
  without("enabled", "enabled"),
  without("group", "groupName"),
  without("experiment of a layer", "configDelegate"),
  without("tier of the payload", "default_environment"),
  without("app", "app_id"),
];

/** Faults in what only the SDK for version 2 reads. A grid compares its operators. */
export const CORE_SABOTAGES: readonly Sabotage[] = [without("merged layer", "useNewLayerEval")];

function without(name: string, member: string): Sabotage {
  return fault(name, ({ [member]: _, ...others }) => others);
}
