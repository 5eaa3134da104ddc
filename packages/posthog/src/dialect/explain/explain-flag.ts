import {
  type AllocationOutcome,
  type ExplainedCondition,
  type ExplainedFlag,
  type ExplainedShard,
  type ExplainedSplit,
  explainFrom,
  type FlagDescription,
  type Folding,
  type SeenCondition,
  type SplitDescription,
  type TestedAllocation,
  type TestOutcome,
} from "@sortition/core/dialect";
import type { Condition } from "../condition/condition.js";
import type { CompiledFilter } from "../condition/filter.js";
import { isUnknown, TRUE, type UnresolvedReason } from "../condition/tri.js";
import { HOLDOUT_PREFIX, hashOf, OUT_OF_SHARE, prefixOf } from "../flag.js";
import type { FlagDefinition } from "../flag-wire.js";
import { HOLDOUT, TOTAL_SHARDS } from "./describe.js";
import type { Observations, SeenFilter } from "./observations.js";

const WHY: Readonly<Record<UnresolvedReason, string>> = {
  experience_continuity: "the server decides flags with experience continuity",
  unsupported_definition: "only the server can decide it",
  unresolved_dependency: "the flag that it depends on cannot be evaluated",
  missing_context: "a value cannot be used",
};

const SPLIT_OUTCOMES: ReadonlySet<AllocationOutcome> = new Set(["applies", "no-split-matches"]);

/** Combines the description of a flag with the observations of its evaluation. */
export function explainFlag(
  flag: FlagDescription,
  definition: FlagDefinition,
  observations: Observations,
): ExplainedFlag {
  const holdouts = definition.holdout !== null && flag.allocations[0]?.key === HOLDOUT ? 1 : 0;
  const testedAt = (index: number): TestedAllocation => {
    if (index < holdouts) return testedHoldout(definition, observations);
    const condition = definition.conditions?.[index - holdouts] ?? null;
    return testedCondition(condition, definition.key, observations);
  };
  return explainFrom(flag, testedAt, FOLDING);
}

const FOLDING: Folding = {
  error: "tests",
  conditions: "of-rules",
  hasBareRules: false,
  hasBareSplits: true,
};

function testedHoldout(definition: FlagDefinition, observations: Observations): TestedAllocation {
  const seen = observations.ofHoldout(definition);
  const hash = seen === undefined ? null : hashOf(seen.bucket, HOLDOUT_PREFIX);
  const test: TestOutcome = seen === undefined ? "not-reached" : seen.isHeldOut ? "holds" : "fails";
  return {
    condition: () => null,
    rule: () => "not-reached",
    split(split) {
      const shards = split.shards.map((it) => ({ ...it, ...shardAt(hash, test) }));
      return { ...split, shards, outcome: test, reason: "" };
    },
    outcome() {
      if (test === "holds") return "applies";
      return test === "fails" ? "no-split-matches" : "not-reached";
    },
  };
}

function testedCondition(
  condition: Condition | null,
  flagKey: string,
  observations: Observations,
): TestedAllocation {
  const seen = condition === null ? undefined : observations.ofCondition(condition);
  const filters = condition?.filters ?? [];
  const hasFailed = filters.some((it) => it && observations.ofFilter(it)?.outcome === "error");
  const outcome = hasFailed ? "error" : outcomeOf(seen?.outcome);
  const bucket = SPLIT_OUTCOMES.has(outcome) ? (seen?.bucket ?? null) : null;
  return {
    condition: (_, i) => seenFilter(filters[i] ?? null, observations),
    rule: (_rule, _index, conditions) => ruleOutcome(conditions),
    split: (split) => explainSplit(split, flagKey, bucket),
    outcome: () => outcome,
  };
}

function outcomeOf(seen: number | undefined): AllocationOutcome {
  if (seen === undefined) return "not-reached";
  if (seen === TRUE) return "applies";
  if (seen === OUT_OF_SHARE) return "no-split-matches";
  return isUnknown(seen) ? "unknown" : "no-rule-holds";
}

function seenFilter(
  filter: CompiledFilter | null,
  observations: Observations,
): SeenCondition | null {
  const seen = filter === null ? undefined : observations.ofFilter(filter);
  if (seen === undefined) return null;
  return { outcome: seen.outcome, actual: seen.actual, reason: seen.error || reasonText(seen) };
}

function reasonText({ actual, missing, outcome, unresolved }: SeenFilter): string {
  if (unresolved === "missing_context" && missing.length > 0) {
    return `${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} missing`;
  }
  if (unresolved === "missing_context" && actual !== undefined) {
    return `the value ${shown(actual)} cannot be used`;
  }
  if (unresolved !== null) return WHY[unresolved];
  if (actual === undefined) return outcome === "holds" ? "matches" : "does not match";
  return `${shown(actual)} ${outcome === "holds" ? "matches" : "does not match"}`;
}

/** Returns a property as a string. Circular values and big integers cannot be serialized to JSON. */
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

/** @param bucket - the hashed string, or `null` if the split was not reached. */
function explainSplit(
  split: SplitDescription,
  flagKey: string,
  bucket: string | null,
): ExplainedSplit {
  const prefix = prefixOf(flagKey);
  let isReached = bucket !== null;
  const shards = split.shards.map((it): ExplainedShard => {
    const { ranges, salt } = it;
    if (!isReached) return { ...it, ...shardAt(null, "not-reached") };
    const isVariant = salt !== prefix.text;
    const hash = hashOf(isVariant ? `${bucket}variant` : (bucket ?? ""), prefix);
    // Quirk: the upper bound of a rollout is inclusive, but not the upper bound of a variant's range (posthog).
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
