import {
  type Decoded,
  DecodeError,
  type ExplainedFlag,
  type ExplainedSplit,
  explainFrom,
  type Folding,
  type SeenCondition,
  type SplitDescription,
  type TestedAllocation,
  type TestOutcome,
} from "@sortition/core/dialect";
import type { FlagDefinition } from "../flag-definition.js";
import type { RulePart, TargetPart } from "../flag-parts.js";
import { describeFlag, TOTAL_SHARDS } from "./describe.js";
import type { Observations, TriedPart } from "./observations.js";

const FOLDING: Folding = {
  error: "tests",
  conditions: "of-rules",
  hasBareRules: false,
  hasBareSplits: true,
};

/** Combines the description of a flag with the observations of its evaluation. */
export function explainFlag(definition: FlagDefinition, observations: Observations): ExplainedFlag {
  const description = describeFlag(definition);
  const testedAt = (index: number): TestedAllocation => {
    const { key } = description.allocations[index] as { readonly key: string }; // exists
    const tried = observations.ofPart(definition, key);
    return tested(key, tried, definition, observations);
  };
  return explainFrom(description, testedAt, FOLDING);
}

function tested(
  key: string,
  part: TriedPart | undefined,
  definition: FlagDefinition,
  observations: Observations,
): TestedAllocation {
  const outcome = part?.outcome ?? "not-reached";
  const target = partOf(definition.targets, key);
  const rule = partOf(definition.rules, key);
  const seen = (index: number): SeenCondition | null => {
    if (part === undefined) return null;
    if (rule !== undefined) return ofClause(rule, index, observations);
    const state = ruleOutcome(part);
    // Which prerequisite failed is not recorded, so only its absence is certain.
    if (target === undefined) {
      const isFailure = state === "holds";
      return { outcome: isFailure ? "unknown" : state, actual: undefined, reason: "" };
    }
    return { outcome: state, actual: part.keys.get(target.kind), reason: "" };
  };
  return {
    condition: (_, condition) => seen(condition),
    rule: () => (part === undefined ? "not-reached" : ruleOutcome(part)),
    split: (split) => testedSplit(split, part),
    outcome: () => outcome,
  };
}

function ruleOutcome({ outcome }: TriedPart): TestOutcome {
  if (outcome === "applies") return "holds";
  return outcome === "error" || outcome === "unknown" ? outcome : "fails";
}

function ofClause(
  { clauses }: RulePart,
  index: number,
  observations: Observations,
): SeenCondition | null {
  const clause = clauses === null || clauses instanceof DecodeError ? undefined : clauses[index];
  if (clause === undefined || clause instanceof DecodeError) return null;
  return observations.ofClause(clause);
}

function testedSplit(split: SplitDescription, part: TriedPart | undefined): ExplainedSplit {
  const isReached = part?.outcome === "applies";
  const shard = part?.bucket == null ? null : part.bucket * TOTAL_SHARDS;
  const shards = split.shards.map((it) => {
    const isIn =
      shard !== null && it.ranges.some(({ end, start }) => start <= shard && shard < end);
    const outcome: TestOutcome = !isReached ? "not-reached" : isIn ? "holds" : "fails";
    return { ...it, outcome, shard: isReached ? shard : null, reason: "" };
  });
  const holds = shards.every(({ outcome }) => outcome === "holds");
  const outcome = !isReached ? "not-reached" : holds ? "holds" : "fails";
  return { ...split, shards, outcome, reason: "" };
}

function partOf<T extends RulePart | TargetPart>(
  parts: Decoded<readonly Decoded<T>[]>,
  allocation: string,
): T | undefined {
  if (parts instanceof DecodeError) return undefined;
  const isOurs = (it: Decoded<T>): it is T =>
    !(it instanceof DecodeError) && it.allocation === allocation;
  return parts.find(isOurs);
}
