/** Operators that compare numbers. */
export const ORDERINGS = ["GTE", "GT", "LTE", "LT"] as const;
/** Operators that compare versions. */
export const VERSION_OPERATORS = [
  "SEMVER_EQ",
  "SEMVER_NEQ",
  "SEMVER_LT",
  "SEMVER_LTE",
  "SEMVER_GT",
  "SEMVER_GTE",
] as const;

export type Ordering = (typeof ORDERINGS)[number];
export type VersionOperator = (typeof VERSION_OPERATORS)[number];

export function isOrdering(operator: unknown): operator is Ordering {
  return (ORDERINGS as readonly unknown[]).includes(operator);
}

export function isVersionOperator(operator: unknown): operator is VersionOperator {
  return (VERSION_OPERATORS as readonly unknown[]).includes(operator);
}
