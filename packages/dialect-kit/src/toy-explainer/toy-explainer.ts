import type {
  AllocationOutcome,
  Answer,
  Configuration,
  Dialect,
  ExplainedAllocation,
  ExplainedFlag,
  Explainer,
  Explanation,
  FlagDescription,
} from "@sortition/core/dialect";
import { createConfiguration, type ToyConfiguration } from "../toy-dialect/configuration.js";
import { ToyFlag } from "../toy-dialect/flag.js";
import { ToyTrace } from "../toy-dialect/trace.js";
import type { RuleWire } from "../toy-dialect/wire.js";

const UNTOLD = { outcome: "unknown", reason: "the toy keeps no record of it" } as const;

/** Describes the toy's flags, and explains its answers by rules. */
export const toyExplainer: Explainer = {
  describe: (configuration, flagKey) => describeFlag(configuration, flagKey, () => "not-reached"),
  describeBandits: () => [],
  explaining(configuration) {
    let latest: Explanation | null = null;
    const toy = configuration as ToyConfiguration; // an explainer is given configurations of its dialect
    const dialect: Dialect = {
      ...toy.dialect,
      createTrace: () => new ToyTrace((answer) => (latest = explain(answer))),
    };
    return {
      configuration: createConfiguration({ ...toy, dialect }),
      explanation: () => latest,
    };
  },
};

function explain({
  configuration,
  evaluation,
  flag,
  flagKey,
  override,
  subjectKey,
}: Answer): Explanation {
  const allocation = evaluation.kind === "assigned" ? evaluation.allocation : null;
  const outcomeOf = (key: string, index: number, keys: readonly string[]): AllocationOutcome => {
    if (key === allocation) return "applies";
    if (allocation === null) return evaluation.kind === "error" ? "error" : "no-rule-holds";
    return index < keys.indexOf(allocation) ? "no-rule-holds" : "not-reached";
  };
  const isThere = flag instanceof ToyFlag && configuration !== null;
  const described = isThere ? describeFlag(configuration, flagKey, outcomeOf) : null;
  if (override !== null)
    return { flagKey, subjectKey, reason: "override", error: null, flag: described };
  switch (evaluation.kind) {
    case "assigned":
      return { flagKey, subjectKey, reason: "assigned", error: null, flag: described };
    case "default":
      return { flagKey, subjectKey, reason: evaluation.reason, error: null, flag: described };
    case "error": {
      const { code, message } = evaluation.error;
      return { flagKey, subjectKey, reason: code, error: message, flag: described };
    }
  }
}

function describeFlag(
  configuration: Configuration,
  key: string,
  outcomeOf: (allocation: string, index: number, all: readonly string[]) => AllocationOutcome,
): ExplainedFlag & FlagDescription {
  const flag = configuration.flag(key);
  const common = { key, valueType: null, isEnabled: true, isHashed: false };
  if (!(flag instanceof ToyFlag)) {
    const problem =
      configuration.issues.find(({ flagKey }) => flagKey === key)?.message ?? "absent";
    return { ...common, variations: [], allocations: [], problem };
  }
  const { rules, variations } = flag.wire;
  const keys = rules.map((_, index) => `rule-${index}`);
  return {
    ...common,
    variations: Object.entries(variations).map(([name, value]) => ({
      key: name,
      value,
      problem: null,
    })),
    allocations: rules.map((rule, index) => {
      const allocation = keys[index] ?? "";
      return describeRule(rule, allocation, outcomeOf(allocation, index, keys));
    }),
    problem: null,
  };
}

function describeRule(
  rule: RuleWire,
  key: string,
  outcome: AllocationOutcome,
): ExplainedAllocation {
  const inCohort = rule.cohort === null ? [] : [["cohort", [rule.cohort]] as const];
  const conditions = [...inCohort, ...rule.when].map(([attribute, expected]) => {
    return { attribute, operator: "in", expected, problem: null, actual: undefined, ...UNTOLD };
  });
  const range = { start: 0, end: rule.percent };
  const shard = {
    salt: "",
    totalShards: 100,
    ranges: [range],
    problem: null,
    shard: null,
    ...UNTOLD,
  };
  const split = { variation: rule.variation, shards: [shard], problem: null, ...UNTOLD };
  return {
    key,
    window: null,
    rules: conditions.length === 0 ? [] : [{ conditions, problem: null, outcome: "unknown" }],
    splits: [split],
    traffic: null,
    isLogged: true,
    outcome,
    decidedBy: [],
  };
}
