import { fault, type Sabotage, wrongOperators } from "@sortition/dialect-kit/differential";

const OPPOSITES: Readonly<Record<string, string>> = {
  in: "matches",
  startsWith: "endsWith",
  endsWith: "startsWith",
  contains: "startsWith",
  matches: "in",
  lessThan: "greaterThan",
  lessThanOrEqual: "greaterThan",
  greaterThan: "lessThan",
  greaterThanOrEqual: "lessThan",
  before: "after",
  after: "before",
  semVerEqual: "semVerLessThan",
  semVerLessThan: "semVerGreaterThan",
  semVerGreaterThan: "semVerLessThan",
};

/** One fault for each operator and for each other rule. */
export const SABOTAGES: readonly Sabotage[] = [
  ...wrongOperators("op", OPPOSITES),
  fault("segment", (it) => (it["op"] === "segmentMatch" ? { ...it, values: ["none"] } : it)),
  without("negation", "negate"),
  without("kind of a clause or a rollout", "contextKind"),
  without("hashed attribute", "bucketBy"),
  without("seed", "seed"),
  without("experiment", "kind"),
  without("untracked share", "untracked"),
  without("prerequisites", "prerequisites"),
  without("targets of users", "targets"),
  without("targets of kinds", "contextTargets"),
  without("off variation", "offVariation"),
  without("included keys", "included"),
  without("excluded keys", "excluded"),
  without("included kinds", "includedContexts"),
  without("excluded kinds", "excludedContexts"),
  without("share of a segment", "rolloutContextKind"),
  without("big segment", "unbounded"),
  without("generation of a big segment", "generation"),
  without("deleted flag", "deleted"),
  fault("salt", (it) => ("salt" in it ? { ...it, salt: "other" } : it)),
  fault("weight", (it) => (it["weight"] === 50_000 ? { ...it, weight: 0 } : it)),
];

function without(name: string, member: string) {
  return fault(name, ({ [member]: _, ...others }) => others);
}
