import {
  type AllocationDescription,
  type AllocationOutcome,
  type ConditionDescription,
  type Decider,
  type ExplainedAllocation,
  type ExplainedCondition,
  type ExplainedFlag,
  type ExplainedRule,
  type ExplainedShard,
  type ExplainedSplit,
  type FlagDescription,
  sha1Prefix,
  type TestOutcome,
} from "@sortition/core/dialect";
import type { Condition } from "../condition.js";
import { HOLDOUT_PREFIX, hashOf, OUT_OF_SHARE } from "../flag.js";
import type { FlagDefinition } from "../flag-wire.js";
import { isUnknown, TRUE, type UnresolvedReason } from "../tri.js";
import { HOLDOUT, TOTAL_SHARDS } from "./describe.js";
import type { Observations } from "./observations.js";

const WHY: Readonly<Record<UnresolvedReason, string>> = {
  experience_continuity: "experience continuity is decided by the server",
  unsupported_definition: "only the server can decide it",
  unresolved_dependency: "the flag that it depends on cannot be decided",
  missing_context: "the property is missing or cannot be used",
};

const SPLIT_OUTCOMES: ReadonlySet<AllocationOutcome> = new Set(["applies", "no-split-matches"]);

/** Combines the description of a flag with what was observed when it was evaluated. */
export function explainFlag(
  flag: FlagDescription,
  definition: FlagDefinition,
  observations: Observations,
): ExplainedFlag {
  const [first] = flag.allocations;
  const hasHoldout = definition.holdout !== null && first?.key === HOLDOUT;
  const conditions = hasHoldout ? flag.allocations.slice(1) : flag.allocations;
  const explained = conditions.map((it, i) => {
    const condition = definition.conditions?.[i] ?? null;
    return explainCondition(it, condition, definition.key, observations);
  });
  if (!hasHoldout) return { ...flag, allocations: explained };
  return { ...flag, allocations: [explainHoldout(first, definition, observations), ...explained] };
}

function explainHoldout(
  allocation: AllocationDescription,
  definition: FlagDefinition,
  observations: Observations,
): ExplainedAllocation {
  const seen = observations.ofHoldout(definition);
  const hash = seen === undefined ? null : hashOf(seen.bucket, HOLDOUT_PREFIX);
  const test: TestOutcome = seen === undefined ? "not-reached" : seen.isHeldOut ? "holds" : "fails";
  const splits = allocation.splits.map((split): ExplainedSplit => {
    const shards = split.shards.map((it) => ({ ...it, ...shardAt(hash, test) }));
    return { ...split, shards, outcome: test, reason: "" };
  });
  const outcome: AllocationOutcome =
    test === "holds" ? "applies" : test === "fails" ? "no-split-matches" : "not-reached";
  return { ...allocation, rules: [], splits, outcome, decidedBy: decidersOf(outcome, [], splits) };
}

function explainCondition(
  allocation: AllocationDescription,
  condition: Condition | null,
  flagKey: string,
  observations: Observations,
): ExplainedAllocation {
  const rules = allocation.rules.map((rule): ExplainedRule => {
    const conditions = rule.conditions.map((it, i) =>
      explainFilter(it, condition?.filters?.[i] ?? null, observations),
    );
    return { ...rule, conditions, outcome: ruleOutcome(conditions) };
  });
  const seen = condition === null ? undefined : observations.ofCondition(condition);
  const hasFailed = rules.some(({ outcome }) => outcome === "error");
  const outcome = hasFailed ? "error" : outcomeOf(seen?.outcome);
  const bucket = SPLIT_OUTCOMES.has(outcome) ? (seen?.bucket ?? null) : null;
  const splits = allocation.splits.map((it) => explainSplit(it, flagKey, bucket));
  return { ...allocation, rules, splits, outcome, decidedBy: decidersOf(outcome, rules, splits) };
}

function outcomeOf(seen: number | undefined): AllocationOutcome {
  if (seen === undefined) return "not-reached";
  if (seen === TRUE) return "applies";
  if (seen === OUT_OF_SHARE) return "no-split-matches";
  return isUnknown(seen) ? "unknown" : "no-rule-holds";
}

function explainFilter(
  description: ConditionDescription,
  filter: NonNullable<Condition["filters"]>[number],
  observations: Observations,
): ExplainedCondition {
  const seen = filter === null ? undefined : observations.ofFilter(filter);
  if (seen === undefined) {
    return { ...description, outcome: "not-reached", actual: undefined, reason: "" };
  }
  const { actual, error, outcome, unresolved } = seen;
  return {
    ...description,
    outcome,
    actual,
    reason: error || reasonText(outcome, unresolved, actual),
  };
}

function reasonText(
  outcome: TestOutcome,
  unresolved: UnresolvedReason | null,
  actual: unknown,
): string {
  if (unresolved !== null) return WHY[unresolved];
  if (actual === undefined) return outcome === "holds" ? "it does" : "it does not";
  return `${shown(actual)} ${outcome === "holds" ? "matches" : "does not match"}`;
}

/** A property as a string. Cycles and big integers have no JSON. */
function shown(actual: unknown): string {
  try {
    return JSON.stringify(actual) ?? String(actual);
  } catch {
    return "a value without a string form";
  }
}

function ruleOutcome(conditions: readonly ExplainedCondition[]): TestOutcome {
  const outcomes = conditions.map(({ outcome }) => outcome);
  if (outcomes.includes("error")) return "error";
  if (outcomes.includes("fails")) return "fails";
  if (outcomes.includes("unknown")) return "unknown";
  return outcomes.includes("not-reached") ? "not-reached" : "holds";
}

/** @param bucket - what is hashed; `null`: the split was not reached. */
function explainSplit(
  split: AllocationDescription["splits"][number],
  flagKey: string,
  bucket: string | null,
): ExplainedSplit {
  const prefix = sha1Prefix(`${flagKey}.`);
  let isReached = bucket !== null;
  const shards = split.shards.map((it): ExplainedShard => {
    const { ranges, salt } = it;
    if (!isReached) return { ...it, ...shardAt(null, "not-reached") };
    const isVariant = salt !== prefix.text;
    const hash = hashOf(isVariant ? `${bucket}variant` : (bucket ?? ""), prefix);
    // Quirk: the end of a rollout is included, that of a variant's range is not (posthog).
    const isIn = ranges.some(({ end, start }) => {
      const place = hash * TOTAL_SHARDS;
      return start <= place && (isVariant ? place < end : place <= end);
    });
    isReached = isIn;
    return { ...it, ...shardAt(hash, isIn ? "holds" : "fails") };
  });
  const last = shards.filter(({ outcome }) => outcome !== "not-reached").at(-1);
  const outcome = bucket === null ? "not-reached" : (last?.outcome ?? "holds");
  return { ...split, shards, outcome, reason: "" };
}

function shardAt(hash: number | null, outcome: TestOutcome) {
  return { shard: hash === null ? null : hash * TOTAL_SHARDS, outcome, reason: "" };
}

function decidersOf(
  outcome: AllocationOutcome,
  rules: readonly ExplainedRule[],
  splits: readonly ExplainedSplit[],
): Decider[] {
  switch (outcome) {
    case "applies":
      return [...ruleDeciders(rules, "holds"), ...splitDeciders(splits, "holds")];
    case "no-split-matches":
      return [...ruleDeciders(rules, "holds"), ...splitDeciders(splits, "fails")];
    case "no-rule-holds":
      return ruleDeciders(rules, "fails");
    case "unknown":
      return ruleDeciders(rules, "unknown");
    case "error":
      return ruleDeciders(rules, "error");
    default:
      return [];
  }
}

function ruleDeciders(rules: readonly ExplainedRule[], outcome: TestOutcome): Decider[] {
  return rules.flatMap(({ conditions }, rule) =>
    conditions.flatMap((it, condition): Decider[] =>
      it.outcome === outcome ? [{ kind: "condition", rule, condition }] : [],
    ),
  );
}

function splitDeciders(splits: readonly ExplainedSplit[], outcome: TestOutcome): Decider[] {
  return splits.flatMap((it, split): Decider[] => {
    if (it.outcome !== outcome) return [];
    const found = it.shards.flatMap((shard, i) => (shard.outcome === outcome ? [i] : []));
    if (found.length === 0) return [{ kind: "split", split }];
    return found.map((shard) => ({ kind: "shard", split, shard }));
  });
}
