import {
  type AllocationDescription,
  type AllocationOutcome,
  type Answer,
  type Configuration,
  type ExplainedFlag,
  type Explainer,
  explainFrom,
  explaining,
  type FlagDescription,
  type Folding,
  gettersFrom,
  type HashedUnit,
  murmur3Uint32,
  phrase,
  readsOfAllocations,
  type TestedAllocation,
  typedAnswer,
  unitValue,
} from "@sortition/core/dialect";
import { createConfiguration, type ToyConfiguration } from "../toy-dialect/configuration.js";
import { ToyFlag } from "../toy-dialect/flag.js";
import { ToyTrace } from "../toy-dialect/trace.js";
import { memberAt, type RuleWire } from "../toy-dialect/wire.js";

const WORDS: Readonly<Record<string, string>> = {
  in: "one of",
  above: "above",
  prefix: "starting with",
};

/** Describes the toy's flags, and explains its results by rules. */
export const toyExplainer: Explainer = {
  words: {
    noun: "rule",
    nameOf: (key) => key,
    ofCondition: ({ attribute, expected, operator }) => {
      // A fact, because the toy does not record values.
      return { kind: "fact", of: attribute, phrase: phrase(WORDS[operator] ?? operator, expected) };
    },
  },
  attributes: { always: new Set() },
  describe: describeFlag,
  gettersOf(configuration, key) {
    const flag = configuration.flag(key);
    const values = flag instanceof ToyFlag ? Object.values(flag.wire.variations) : [];
    return gettersFrom(
      values.map((value) => ({ isAssigned: true, value: (type) => memberAt(value, [type]) })),
      false,
    );
  },
  describeBandits: () => [],
  payloadKey: ({ flagKeys }, flag) => (flagKeys.has(flag) ? flag : null),
  readsOf: (configuration, key) =>
    readsOfAllocations(describeFlag(configuration, key), (it) => ({ comparisons: [it] })),
  unitOf: unitValue,
  withUnit: (_, { attributes }) => attributes, // rules always hash the key
  explaining(configuration) {
    const toy = configuration as ToyConfiguration; // an explainer only receives configurations of its dialect
    return explaining(toy, {
      createTrace: (answered) => new ToyTrace((answer) => answered(answer, explainedFlag(answer))),
      observed: (dialect) => createConfiguration({ ...toy, dialect }),
    });
  },
  answer: typedAnswer,
};

function describeFlag(configuration: Configuration, key: string): FlagDescription {
  const flag = configuration.flag(key);
  const common = { key, valueType: null, isEnabled: true, isHashed: false, followsRanges: true };
  if (!(flag instanceof ToyFlag)) {
    const issue = configuration.issues.find(({ flagKey }) => flagKey === key);
    return { ...common, variations: [], allocations: [], problem: issue?.message ?? "absent" };
  }
  const { rules, variations } = flag.wire;
  return {
    ...common,
    variations: Object.entries(variations).map(([name, value]) => {
      return { key: name, value, problem: null };
    }),
    allocations: rules.map((rule, index) => describeRule(key, rule, `rule-${index}`)),
    problem: null,
  };
}

const SUBJECT: HashedUnit = { name: "subject", attributes: [] };

function describeRule(salt: string, rule: RuleWire, key: string): AllocationDescription {
  const inCohort =
    rule.cohort === null ? [] : [["cohort", { operator: "in", expected: [rule.cohort] }] as const];
  const conditions = [...inCohort, ...rule.when].map(([attribute, test]) => {
    return { attribute, ...test, problem: null };
  });
  const ranges = [{ start: 0, end: rule.percent }];
  const shards = rule.percent < 100 ? [{ salt, totalShards: 100, ranges, problem: null }] : [];
  return {
    key,
    window: null,
    rules: conditions.length === 0 ? [] : [{ conditions, problem: null }],
    splits: [{ variation: rule.variation, shards, problem: null }],
    unit: shards.length === 0 ? null : SUBJECT,
    traffic: {
      byVariation: new Map([[rule.variation, rule.percent / 100]]),
      unassigned: 1 - rule.percent / 100,
    },
    participants: null,
    holdout: null,
    isLogged: true,
  };
}

const FOLDING: Folding = {
  error: "nothing",
  conditions: "of-rules",
  hasBareRules: false,
  hasBareSplits: false,
};

function explainedFlag(answer: Answer): ExplainedFlag | null {
  const { configuration, evaluation, flag, flagKey, subjectKey } = answer;
  if (!(flag instanceof ToyFlag) || configuration === null) return null;
  const description = describeFlag(configuration, flagKey);
  const allocation = evaluation.kind === "assigned" ? evaluation.allocation : null;
  const applied = description.allocations.findIndex(({ key }) => key === allocation);
  const outcomeOf = (index: number): AllocationOutcome => {
    if (index === applied) return "applies";
    if (applied === -1) return evaluation.kind === "error" ? "error" : "no-rule-holds";
    return index < applied ? "no-rule-holds" : "not-reached";
  };
  const shard = murmur3Uint32(`${flagKey}.${subjectKey}`) % 100;
  return explainFrom(description, (index) => testedAs(outcomeOf(index), shard), FOLDING);
}

const HELD = { outcome: "holds", reason: "as the rule applies" } as const;
const UNRECORDED = { outcome: "unknown", reason: "the toy keeps no record of it" } as const;

/**
 * The trace contains the rule that applied, so all parts of that rule match. It has no record of
 * other rules.
 */
function testedAs(outcome: AllocationOutcome, shard: number): TestedAllocation {
  const seen = outcome === "applies" ? HELD : UNRECORDED;
  return {
    condition: () => (outcome === "not-reached" ? null : { ...seen, actual: undefined }),
    rule: () => seen.outcome,
    split: (split) => {
      const reason = outcome === "applies" ? "" : seen.reason;
      const tested = { outcome: seen.outcome, reason };
      return {
        ...split,
        ...tested,
        shards: split.shards.map((it) => ({ ...it, ...tested, shard })),
      };
    },
    outcome: () => outcome,
  };
}
