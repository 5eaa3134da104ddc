import type {
  AllocationDescription,
  AllocationOutcome,
  Decider,
  ExplainedAllocation,
  ExplainedCondition,
  ExplainedFlag,
  ExplainedRule,
  ExplainedSplit,
  FlagDescription,
  TestOutcome,
} from "@sortition/core/dialect";
import type { CompiledFeature } from "../evaluation/feature.js";
import type { CompiledRule } from "../evaluation/rule.js";
import { MalformedError } from "../malformed.js";
import type { FeatureResultSource } from "../wire.js";
import { conditionsOf, type RuleCondition } from "./conditions.js";
import type { Observation, Observations } from "./observations.js";

/**
 * Combines the description of a feature with what was observed when it was evaluated.
 *
 * @param source - what decided; `null`: the evaluation failed or was not made.
 */
export function explainFeature(
  description: FlagDescription,
  { rules }: CompiledFeature,
  source: FeatureResultSource | null,
  observations: Observations,
): ExplainedFlag {
  const list = rules instanceof MalformedError ? [] : rules;
  const last = list.findLastIndex(
    (rule) => !(rule instanceof MalformedError) && observations.rules.has(rule),
  );
  const isDecidedByRule = source === "force" || source === "experiment";
  const allocations = description.allocations.map((allocation, i): ExplainedAllocation => {
    const rule = list[i];
    if (rule === undefined) return explainDefault(allocation, source);
    if (rule instanceof MalformedError) {
      return explainBroken(allocation, source === null && i === last + 1, rule);
    }
    if (i > last) return explained(allocation, "not-reached", rule, observations);
    const decides = i === last && isDecidedByRule;
    const isError = i === last && source === null && !(list[i + 1] instanceof MalformedError);
    const outcome = isError ? "error" : decides ? "applies" : missOf(rule, observations);
    return explained(allocation, outcome, rule, observations);
  });
  return { ...description, allocations };
}

function explainDefault(
  allocation: AllocationDescription,
  source: FeatureResultSource | null,
): ExplainedAllocation {
  const applies = source === "defaultValue";
  const outcome: TestOutcome = applies ? "holds" : "not-reached";
  return {
    ...allocation,
    rules: [],
    splits: allocation.splits.map((it) => ({ ...it, shards: [], outcome, reason: "" })),
    outcome: applies ? "applies" : "not-reached",
    decidedBy: applies ? [{ kind: "split", split: 0 }] : [],
  };
}

function explainBroken(
  allocation: AllocationDescription,
  isReached: boolean,
  { problem }: MalformedError,
): ExplainedAllocation {
  const outcome = isReached ? "error" : "not-reached";
  return {
    ...allocation,
    rules: [{ conditions: [], problem, outcome }],
    splits: [],
    outcome,
    decidedBy: isReached ? [{ kind: "rule", rule: 0 }] : [],
  };
}

/** Why a rule that was tried did not decide. */
function missOf(rule: CompiledRule, observations: Observations): AllocationOutcome {
  const isUnmet = conditionsOf(rule).some(
    (it) => outcomeOf(it, observations.of(rule, it.part), rule) === "fails",
  );
  return isUnmet || rule.effect === null ? "no-rule-holds" : "no-split-matches";
}

function explained(
  allocation: AllocationDescription,
  outcome: AllocationOutcome,
  rule: CompiledRule,
  observations: Observations,
): ExplainedAllocation {
  const isReached = outcome !== "not-reached";
  const conditions = conditionsOf(rule).map((it): ExplainedCondition => {
    const seen = isReached ? observations.of(rule, it.part) : null;
    const { attribute, expected, operator, problem } = it;
    const tested = isReached ? outcomeOf(it, seen, rule) : "not-reached";
    const isSeen = tested === "holds" || tested === "fails";
    const actual =
      isSeen && seen !== null && attribute !== "" ? seen.valueOf(attribute) : undefined;
    const reason = actual === undefined ? "" : `it is ${JSON.stringify(actual)}`;
    return { attribute, operator, expected, problem, outcome: tested, actual, reason };
  });
  const rules: ExplainedRule[] =
    conditions.length === 0
      ? []
      : [{ conditions, problem: null, outcome: ruleOutcome(conditions, outcome) }];
  const splits = splitsOf(allocation, outcome, rule, observations);
  return { ...allocation, rules, splits, outcome, decidedBy: decidersOf(outcome, rules, splits) };
}

function outcomeOf(
  { index, part, problem }: RuleCondition,
  seen: Observation | null,
  rule: CompiledRule,
): TestOutcome {
  if (seen === null) return problem === null ? "not-reached" : "error";
  if (part === "namespace") {
    const namespace = rule.effect?.kind === "experiment" ? rule.effect.experiment.namespace : null;
    const isIn =
      namespace !== null && seen.outcome >= namespace.start && seen.outcome < namespace.end;
    return isIn ? "holds" : "fails";
  }
  if (seen.outcome < 0 || index < seen.outcome) return "holds";
  return index === seen.outcome ? "fails" : "not-reached";
}

function ruleOutcome(
  conditions: readonly ExplainedCondition[],
  allocation: AllocationOutcome,
): TestOutcome {
  if (allocation === "not-reached") return "not-reached";
  if (conditions.some(({ outcome }) => outcome === "fails")) return "fails";
  if (conditions.some(({ outcome }) => outcome === "error")) return "error";
  return allocation === "error" ? "error" : "holds";
}

function splitsOf(
  { splits }: AllocationDescription,
  outcome: AllocationOutcome,
  rule: CompiledRule,
  observations: Observations,
): ExplainedSplit[] {
  const seen = observations.of(rule, rule.effect?.kind === "force" ? "rollout" : "bucket");
  const isReached = outcome === "applies" || outcome === "no-split-matches";
  const n = isReached && seen !== null ? seen.outcome : null;
  let isTaken = false;
  return splits.map((split): ExplainedSplit => {
    const shards = split.shards.map((it) => {
      const shard = n === null || n < 0 ? null : Math.round(n * it.totalShards);
      const isIn =
        shard !== null && it.ranges.some(({ end, start }) => start <= shard && shard < end);
      const tested: TestOutcome =
        !isReached || isTaken || shard === null ? "not-reached" : isIn ? "holds" : "fails";
      return { ...it, outcome: tested, shard, reason: "" };
    });
    // Without a bucket number the variation was forced, or there is nothing to be bucketed by.
    const holds = !isTaken && outcome === "applies" && shards.every((it) => it.outcome !== "fails");
    const tested: TestOutcome = !isReached || isTaken ? "not-reached" : holds ? "holds" : "fails";
    isTaken ||= holds;
    return { ...split, shards, outcome: tested, reason: "" };
  });
}

function decidersOf(
  outcome: AllocationOutcome,
  rules: readonly ExplainedRule[],
  splits: readonly ExplainedSplit[],
): Decider[] {
  const wanted: TestOutcome = outcome === "no-rule-holds" ? "fails" : "holds";
  const conditions = rules.flatMap(({ conditions: list }, rule): Decider[] =>
    list.flatMap((it, condition) =>
      it.outcome === wanted ? [{ kind: "condition", rule, condition }] : [],
    ),
  );
  switch (outcome) {
    case "no-rule-holds":
      return conditions;
    case "applies":
      return [...conditions, ...decidingSplits(splits, "holds")];
    case "no-split-matches":
      return [...conditions, ...decidingSplits(splits, "fails")];
    case "error":
      return rules.length === 0 ? [] : [{ kind: "rule", rule: 0 }];
    default:
      return [];
  }
}

function decidingSplits(splits: readonly ExplainedSplit[], wanted: TestOutcome): Decider[] {
  return splits.flatMap(({ outcome, shards }, split): Decider[] => {
    if (outcome !== wanted) return [];
    if (shards.length === 0) return [{ kind: "split", split }];
    return shards.flatMap((it, shard) =>
      it.outcome === wanted ? [{ kind: "shard", split, shard }] : [],
    );
  });
}
