import {
  type AllocationOutcome,
  type ExplainedCondition,
  type ExplainedFlag,
  type ExplainedSplit,
  explainFrom,
  type FlagDescription,
  type Folding,
  type SplitDescription,
  type TestedAllocation,
  type TestOutcome,
} from "@sortition/core/dialect";
import type { CompiledFeature } from "../evaluation/feature/feature.js";
import type { CompiledRule } from "../evaluation/feature/rule.js";
import { MalformedError } from "../malformed.js";
import type { FeatureResultSource } from "../wire.js";
import { conditionsOf, type RuleCondition } from "./conditions.js";
import type { Observation, Observations } from "./observations.js";

/**
 * Combines the description of a feature with the observations of its evaluation.
 *
 * @param source - the source of the value. `null` if the evaluation failed or did not take place.
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
  const next = list[last + 1];
  const isMalformedReached = next instanceof MalformedError && observations.rules.has(next);
  const isDecidedByRule = source === "force" || source === "experiment";
  const testedAt = (i: number): TestedAllocation => {
    const rule = list[i];
    if (rule === undefined) return testedDefault(source === "defaultValue");
    if (rule instanceof MalformedError) return testedBroken(isMalformedReached && i === last + 1);
    if (i > last) return testedRule(rule, "not-reached", observations);
    const decides = i === last && isDecidedByRule;
    const isError = i === last && source === null && !isMalformedReached;
    const outcome = isError ? "error" : decides ? "applies" : missOf(rule, observations);
    return testedRule(rule, outcome, observations);
  };
  return explainFrom(description, testedAt, FOLDING);
}

const FOLDING: Folding = {
  error: "first-rule",
  conditions: "all",
  hasBareRules: false,
  hasBareSplits: false,
};

function testedDefault(applies: boolean): TestedAllocation {
  return {
    condition: () => null,
    rule: () => "not-reached",
    split: (split) => {
      return { ...split, shards: [], outcome: applies ? "holds" : "not-reached", reason: "" };
    },
    outcome: () => (applies ? "applies" : "not-reached"),
  };
}

/** A malformed rule has no conditions and no splits. */
function testedBroken(isReached: boolean): TestedAllocation {
  const outcome = isReached ? "error" : "not-reached";
  return { ...testedDefault(false), rule: () => outcome, outcome: () => outcome };
}

/** Returns why a rule that was tried did not apply. */
function missOf(rule: CompiledRule, observations: Observations): AllocationOutcome {
  const isUnmet = conditionsOf(rule).some(
    (it) => outcomeOf(it, observations.of(rule, it.part), rule) === "fails",
  );
  return isUnmet || rule.effect === null ? "no-rule-holds" : "no-split-matches";
}

function testedRule(
  rule: CompiledRule,
  outcome: AllocationOutcome,
  observations: Observations,
): TestedAllocation {
  const conditions = conditionsOf(rule);
  return {
    condition(_, index) {
      const condition = conditions[index];
      if (outcome === "not-reached" || condition === undefined) return null;
      const seen = observations.of(rule, condition.part);
      const tested = outcomeOf(condition, seen, rule);
      const isSeen = tested === "holds" || tested === "fails";
      const { attribute } = condition;
      const actual = isSeen && attribute !== "" ? seen?.valueOf(attribute) : undefined;
      const reason = actual === undefined ? "" : `it is ${JSON.stringify(actual)}`;
      return { outcome: tested, actual, reason };
    },
    rule: (_rule, _index, explained) => ruleOutcome(explained, outcome),
    split: createSplitting(rule, outcome, observations),
    outcome: () => outcome,
  };
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

/** Explains the splits of a rule in order. The first one that matches is used. */
function createSplitting(
  rule: CompiledRule,
  outcome: AllocationOutcome,
  observations: Observations,
): (split: SplitDescription) => ExplainedSplit {
  const seen = observations.of(rule, rule.effect?.kind === "force" ? "rollout" : "bucket");
  const isReached = outcome === "applies" || outcome === "no-split-matches";
  const n = isReached && seen !== null ? seen.outcome : null;
  let isTaken = false;
  return (split) => {
    const shards = split.shards.map((it) => {
      const shard = n === null || n < 0 ? null : Math.round(n * it.totalShards);
      const isIn =
        shard !== null && it.ranges.some(({ end, start }) => start <= shard && shard < end);
      const tested: TestOutcome =
        !isReached || isTaken || shard === null ? "not-reached" : isIn ? "holds" : "fails";
      return { ...it, outcome: tested, shard, reason: "" };
    });
    // Without a bucket number, the variation was forced or nothing had to be bucketed.
    const holds = !isTaken && outcome === "applies" && shards.every((it) => it.outcome !== "fails");
    const tested: TestOutcome = !isReached || isTaken ? "not-reached" : holds ? "holds" : "fails";
    isTaken ||= holds;
    return { ...split, shards, outcome: tested, reason: "" };
  };
}
