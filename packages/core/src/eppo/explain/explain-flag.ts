import type { Decoded } from "../../conditions/decode.js";
import { DecodeError } from "../../errors/errors.js";
import { messageOf } from "../../errors/guard.js";
import type {
  AllocationDescription,
  ConditionDescription,
  FlagDescription,
  RuleDescription,
  ShardDescription,
  SplitDescription,
} from "../../explain/description.js";
import type {
  AllocationOutcome,
  Decider,
  ExplainedAllocation,
  ExplainedCondition,
  ExplainedFlag,
  ExplainedRule,
  ExplainedShard,
  ExplainedSplit,
  TestOutcome,
} from "../../explain/explanation.js";
import { md5Hex } from "../../hash/md5.js";
import type { Subject } from "../../model/subject.js";
import type { CompiledSplit } from "../flags/compile.js";
import type { AllocationEvaluationCode } from "../flags/details.js";
import { reasonOf } from "../flags/reason.js";
import type {
  AllocationWire,
  ConditionWire,
  FlagWire,
  RuleWire,
  ShardWire,
  SplitWire,
} from "../flags/wire.js";
import { partsOf } from "./describe.js";
import type { Observations } from "./observations.js";

/** Every test of this dialect can be decided. */
type DecidedOutcome = Exclude<AllocationOutcome, "unknown">;

const OUTCOMES: Readonly<Record<AllocationEvaluationCode, DecidedOutcome>> = {
  UNEVALUATED: "not-reached",
  MATCH: "applies",
  BEFORE_START_TIME: "not-started",
  AFTER_END_TIME: "ended",
  FAILING_RULE: "no-rule-holds",
  TRAFFIC_EXPOSURE_MISS: "no-split-matches",
};

/** Combines the description of a flag with what was observed when it was evaluated. */
export function explainFlag(
  flag: FlagDescription,
  wire: FlagWire,
  observations: Observations,
): ExplainedFlag {
  const names = flag.isHashed ? namesByHash(observations.subject) : new Map<string, string>();
  const context: Context = { observations, names };
  const allocations = flag.allocations.map(
    (allocation, i) =>
      explainAllocation(allocation, wire.allocations[i] as AllocationWire, i, context), // described from it
  );
  return { ...flag, allocations };
}

interface Context {
  readonly observations: Observations;
  /** Names of the subject's attributes by their hashes, where conditions use hashes. */
  readonly names: ReadonlyMap<string, string>;
}

/** The subject's attribute names by hash: other names cannot be recovered from their hashes. */
function namesByHash(subject: Subject | null): ReadonlyMap<string, string> {
  if (subject === null) return new Map();
  try {
    const names = ["id", ...Object.keys(subject.attributes)];
    return new Map(names.map((name) => [md5Hex(name), name]));
  } catch {
    return new Map(); // a name without a hash: the evaluation throws for this subject
  }
}

function explainAllocation(
  allocation: AllocationDescription,
  wire: AllocationWire,
  index: number,
  context: Context,
): ExplainedAllocation {
  const { codes, match } = context.observations;
  const isMatched = match !== null && index === codes.length;
  const splitIndex = isMatched ? match.allocation.splits.indexOf(match.split) : -1;
  const rules = partsOf(wire.rules).map(
    (rule, i) => explainRule(allocation.rules[i] as RuleDescription, rule, context), // described from it
  );
  const splits = partsOf(wire.splits).map((split, i) => {
    const matched = i === splitIndex ? match?.split : undefined;
    return explainSplit(allocation.splits[i] as SplitDescription, split, matched, context);
  });
  const hasFailed = [...rules, ...splits].some(({ outcome }) => outcome === "error");
  const code = isMatched ? "MATCH" : (codes[index] ?? "UNEVALUATED");
  const outcome = hasFailed ? "error" : OUTCOMES[code];
  return { ...allocation, rules, splits, outcome, decidedBy: decidersOf(outcome, rules, splits) };
}

function explainRule(
  rule: RuleDescription,
  wire: Decoded<RuleWire>,
  context: Context,
): ExplainedRule {
  const list = wire instanceof DecodeError ? wire : wire.conditions;
  const conditions = list instanceof DecodeError ? [] : list;
  return {
    ...rule,
    outcome: context.observations.of(wire)?.outcome ?? "not-reached",
    conditions: conditions.map((condition, i) =>
      explainCondition(rule.conditions[i] as ConditionDescription, condition, context),
    ),
  };
}

function explainCondition(
  condition: ConditionDescription,
  wire: Decoded<ConditionWire>,
  { names, observations }: Context,
): ExplainedCondition {
  const seen = observations.of(wire);
  const named = { ...condition, attribute: names.get(condition.attribute) ?? condition.attribute };
  if (seen === undefined)
    return { ...named, outcome: "not-reached", actual: undefined, reason: "" };
  const { actual, error, outcome } = seen;
  const reason = outcome === "error" ? error : reasonOf(condition, actual, outcome === "holds");
  return { ...named, outcome, actual, reason };
}

function explainSplit(
  split: SplitDescription,
  wire: Decoded<SplitWire>,
  matched: CompiledSplit | undefined,
  { observations }: Context,
): ExplainedSplit {
  const list = wire instanceof DecodeError ? wire : wire.shards;
  if (list instanceof DecodeError) {
    // It is observed as if it were a single shard condition.
    const seen = observations.of(list);
    const outcome = seen?.outcome ?? "not-reached";
    return { ...split, outcome, reason: seen?.error ?? "", shards: [] };
  }
  const shards = list.map((shard, i) =>
    explainShard(split.shards[i] as ShardDescription, shard, observations),
  );
  if (matched?.outcome.kind === "failure") {
    return { ...split, outcome: "error", reason: messageOf(matched.outcome.cause), shards };
  }
  if (matched !== undefined) return { ...split, outcome: "holds", reason: "", shards };
  // The last shard condition that was reached decides: those before it hold.
  const last = shards.filter(({ outcome }) => outcome !== "not-reached").at(-1);
  return { ...split, outcome: last?.outcome ?? "not-reached", reason: last?.reason ?? "", shards };
}

function explainShard(
  shard: ShardDescription,
  wire: Decoded<ShardWire>,
  observations: Observations,
): ExplainedShard {
  const seen = observations.of(wire);
  const outcome = seen?.outcome ?? "not-reached";
  // The shard is unknown if the subject key cannot be hashed, and NaN in an empty shard space.
  const place = typeof seen?.actual === "number" && seen.actual >= 0 ? seen.actual : null;
  return { ...shard, outcome, shard: place, reason: seen?.error ?? "" };
}

function decidersOf(
  outcome: DecidedOutcome,
  rules: readonly ExplainedRule[],
  splits: readonly ExplainedSplit[],
): Decider[] {
  switch (outcome) {
    case "not-reached":
      return [];
    case "not-started":
      return [{ kind: "window", bound: "start" }];
    case "ended":
      return [{ kind: "window", bound: "end" }];
    case "no-rule-holds":
      return decidingRules(rules, "fails");
    case "no-split-matches":
      return [...decidingRules(rules, "holds"), ...decidingSplits(splits, "fails")];
    case "applies":
      return [...decidingRules(rules, "holds"), ...decidingSplits(splits, "holds")];
    case "error":
      return [...decidingRules(rules, "error"), ...decidingSplits(splits, "error")];
  }
}

/** The conditions that caused an outcome of rules; a rule without such conditions stands for itself. */
function decidingRules(rules: readonly ExplainedRule[], outcome: TestOutcome): Decider[] {
  return rules.flatMap((it, rule): Decider[] => {
    if (it.outcome !== outcome) return [];
    const conditions = indicesOf(it.conditions, outcome);
    if (conditions.length === 0) return [{ kind: "rule", rule }];
    return conditions.map((condition) => ({ kind: "condition", rule, condition }));
  });
}

/** The same for splits and their shard conditions. */
function decidingSplits(splits: readonly ExplainedSplit[], outcome: TestOutcome): Decider[] {
  return splits.flatMap((it, split): Decider[] => {
    if (it.outcome !== outcome) return [];
    const shards = indicesOf(it.shards, outcome);
    if (shards.length === 0) return [{ kind: "split", split }];
    return shards.map((shard) => ({ kind: "shard", split, shard }));
  });
}

function indicesOf(
  tests: readonly { readonly outcome: TestOutcome }[],
  outcome: TestOutcome,
): number[] {
  return tests.flatMap((test, i) => (test.outcome === outcome ? [i] : []));
}
