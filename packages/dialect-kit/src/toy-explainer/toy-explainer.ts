import {
  type AllocationOutcome,
  type Answer,
  type Configuration,
  type ExplainedAllocation,
  type ExplainedFlag,
  type Explainer,
  explaining,
  type FlagDescription,
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
    const toy = configuration as ToyConfiguration; // an explainer is given configurations of its dialect
    return explaining(toy, {
      createTrace: (answered) => new ToyTrace((answer) => answered(answer, explainedFlag(answer))),
      observed: (dialect) => createConfiguration({ ...toy, dialect }),
    });
  },
};

function explainedFlag({ configuration, evaluation, flag, flagKey }: Answer): ExplainedFlag | null {
  if (!(flag instanceof ToyFlag) || configuration === null) return null;
  const allocation = evaluation.kind === "assigned" ? evaluation.allocation : null;
  return describeFlag(configuration, flagKey, (key, index, keys) => {
    if (key === allocation) return "applies";
    if (allocation === null) return evaluation.kind === "error" ? "error" : "no-rule-holds";
    return index < keys.indexOf(allocation) ? "no-rule-holds" : "not-reached";
  });
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
