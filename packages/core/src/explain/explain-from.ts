import type {
  AllocationDescription,
  ConditionDescription,
  FlagDescription,
  RuleDescription,
  SplitDescription,
} from "./description.js";
import type {
  AllocationOutcome,
  Decider,
  ExplainedAllocation,
  ExplainedCondition,
  ExplainedFlag,
  ExplainedRule,
  ExplainedSplit,
  TestOutcome,
} from "./explanation.js";

/** How the tests of one allocation turned out in an evaluation. Tests are identified by their index in its description. */
export interface TestedAllocation {
  /**
   * Returns what was observed for a condition, or `null` if the evaluation did not reach it. If the result has an
   * `attribute`, it replaces the description's.
   */
  condition(rule: number, condition: number): SeenCondition | null;
  /**
   * Returns the outcome of a rule, combined from its conditions as in the dialect's evaluation.
   *
   * @param conditions - the explained conditions of the rule.
   */
  rule(
    rule: RuleDescription,
    index: number,
    conditions: readonly ExplainedCondition[],
  ): TestOutcome;
  /**
   * Returns a split with its tests. Called in order.
   *
   * @param rules - the explained rules of the allocation.
   */
  split(split: SplitDescription, index: number, rules: readonly ExplainedRule[]): ExplainedSplit;
  /** Returns the outcome of the allocation. Called last. */
  outcome(rules: readonly ExplainedRule[], splits: readonly ExplainedSplit[]): AllocationOutcome;
}

/** What an evaluation observed for a condition. */
export type SeenCondition = Pick<ExplainedCondition, "outcome" | "actual" | "reason"> &
  Partial<Pick<ConditionDescription, "attribute">>;

/** How a dialect determines which tests decided an outcome. */
export interface Folding {
  /** What decides an error: the tests that failed with an error, the first rule, or nothing. */
  readonly error: "tests" | "first-rule" | "nothing";
  /** Which conditions can decide the outcome: those of rules with the same outcome, or those of all rules. */
  readonly conditions: "of-rules" | "all";
  /** Whether a rule can decide the outcome even if none of its conditions did. */
  readonly hasBareRules: boolean;
  /** Whether a split can decide the outcome even if none of its shard conditions did. A split without shard conditions always can. */
  readonly hasBareSplits: boolean;
}

const NOT_REACHED: SeenCondition = { outcome: "not-reached", actual: undefined, reason: "" };

/** Combines the description of a flag with the tests of its evaluation, and marks what decided the outcome. */
export function explainFrom(
  description: FlagDescription,
  testedAt: (index: number, allocation: AllocationDescription) => TestedAllocation,
  folding: Folding,
): ExplainedFlag {
  const allocations = description.allocations.map((allocation, a): ExplainedAllocation => {
    const tested = testedAt(a, allocation);
    const rules = allocation.rules.map((rule, r): ExplainedRule => {
      const conditions = rule.conditions.map((it, c) => {
        return { ...it, ...(tested.condition(r, c) ?? NOT_REACHED) };
      });
      return { ...rule, conditions, outcome: tested.rule(rule, r, conditions) };
    });
    const splits = allocation.splits.map((split, s) => tested.split(split, s, rules));
    const outcome = tested.outcome(rules, splits);
    const decidedBy = decidersOf(outcome, { rules, splits }, folding);
    return { ...allocation, rules, splits, outcome, decidedBy };
  });
  return { ...description, allocations };
}

interface Tests {
  readonly rules: readonly ExplainedRule[];
  readonly splits: readonly ExplainedSplit[];
}

function decidersOf(outcome: AllocationOutcome, tests: Tests, folding: Folding): Decider[] {
  const rules = (wanted: TestOutcome): Decider[] => decidingRules(tests.rules, wanted, folding);
  const splits = (wanted: TestOutcome): Decider[] => decidingSplits(tests.splits, wanted, folding);
  switch (outcome) {
    case "not-reached":
      return [];
    case "not-started":
      return [{ kind: "window", bound: "start" }];
    case "ended":
      return [{ kind: "window", bound: "end" }];
    case "no-rule-holds":
      return rules("fails");
    case "no-split-matches":
      return [...rules("holds"), ...splits("fails")];
    case "applies":
      return [...rules("holds"), ...splits("holds")];
    case "unknown":
      return rules("unknown");
    case "error":
      if (folding.error === "tests") return [...rules("error"), ...splits("error")];
      return folding.error === "nothing" || tests.rules.length === 0
        ? []
        : [{ kind: "rule", rule: 0 }];
  }
}

function decidingRules(
  rules: readonly ExplainedRule[],
  wanted: TestOutcome,
  { conditions: which, hasBareRules }: Folding,
): Decider[] {
  return rules.flatMap(({ conditions, outcome }, rule): Decider[] => {
    if (outcome !== wanted && which === "of-rules") return [];
    const deciding = indicesOf(conditions, wanted);
    if (deciding.length === 0 && hasBareRules) return [{ kind: "rule", rule }];
    return deciding.map((condition) => ({ kind: "condition", rule, condition }));
  });
}

function decidingSplits(
  splits: readonly ExplainedSplit[],
  wanted: TestOutcome,
  { hasBareSplits }: Folding,
): Decider[] {
  return splits.flatMap(({ outcome, shards }, split): Decider[] => {
    if (outcome !== wanted) return [];
    const deciding = indicesOf(shards, wanted);
    const isBare = shards.length === 0 || (deciding.length === 0 && hasBareSplits);
    if (isBare) return [{ kind: "split", split }];
    return deciding.map((shard) => ({ kind: "shard", split, shard }));
  });
}

function indicesOf(tests: readonly { readonly outcome: TestOutcome }[], wanted: TestOutcome) {
  return tests.flatMap(({ outcome }, i) => (outcome === wanted ? [i] : []));
}
