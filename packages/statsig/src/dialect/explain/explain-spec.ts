import {
  type AllocationOutcome,
  type Assigned,
  type ExplainedFlag,
  type ExplainedSplit,
  explainFrom,
  type Folding,
  type ShardDescription,
  type SplitDescription,
  type TestedAllocation,
  type TestOutcome,
} from "@sortition/core/dialect";
import { BUCKETS } from "../condition/condition.js";
import { FAILS, HOLDS, UNRESOLVED, UNSUPPORTED } from "../evaluation/tested.js";
import type { Spec } from "../spec.js";
import type { DescribedAllocation, DescribedSpec } from "./describe.js";
import type { Observations } from "./observations.js";

const FOLDING: Folding = {
  error: "tests",
  conditions: "of-rules",
  hasBareRules: false,
  hasBareSplits: true,
};

/** The evaluation of a spec. */
export interface EvaluatedSpec {
  readonly spec: Spec;
  readonly observations: Observations;
  /** What was assigned, or `null`. */
  readonly decided: Pick<Assigned, "allocation" | "variation"> | null;
}

/** Combines the description of a spec with the observations of its evaluation. */
export function explainSpec(
  { allocations, description }: DescribedSpec,
  evaluated: EvaluatedSpec,
): ExplainedFlag {
  const testedAt = (index: number): TestedAllocation =>
    tested(allocations[index] as DescribedAllocation, evaluated); // exists
  return explainFrom(description, testedAt, FOLDING);
}

/** The outcome of the rules of an allocation. `undefined`: none was reached. */
function stateOf(spec: Spec, rules: readonly number[], observations: Observations) {
  const states = rules.map((it) => observations.ofRule(spec, it)).filter((it) => it !== undefined);
  return states.find((it) => it !== FAILS) ?? states[0];
}

function tested(
  allocation: DescribedAllocation,
  { decided, observations, spec }: EvaluatedSpec,
): TestedAllocation {
  const { conditions, hashing, rules } = allocation;
  const isDecided = decided?.allocation === allocation.description.key;
  // Overrides and the default are not observed.
  const state =
    rules.length === 0 ? (isDecided ? HOLDS : undefined) : stateOf(spec, rules, observations);
  const areMet = conditions.every((it) => observations.ofCondition(it)?.outcome === "holds");
  const ruleState: TestOutcome =
    state === undefined
      ? "not-reached"
      : state === UNSUPPORTED
        ? "error"
        : state === UNRESOLVED
          ? "unknown"
          : areMet
            ? "holds"
            : "fails";
  return {
    condition: (_, index) => {
      const condition = conditions[index];
      return condition === undefined || state === undefined
        ? null
        : observations.ofCondition(condition);
    },
    rule: () => ruleState,
    split: (split, index) => {
      // An experiment decides it, whose shares are in its own description.
      if (allocation.delegate !== null) {
        const isIt = isDecided && split.variation === decided?.variation;
        return { ...split, shards: [], outcome: isIt ? "holds" : "not-reached", reason: "" };
      }
      const rule = rules[Math.min(index, rules.length - 1)] ?? -1;
      const actual = (shard: ShardDescription, place: number): number | undefined => {
        if (shard.totalShards !== BUCKETS) return observations.bucketOf(spec, rule);
        const condition = (hashing.get(rule) ?? [])[place];
        const seen =
          condition === undefined ? undefined : observations.ofCondition(condition)?.actual;
        return typeof seen === "number" ? seen : undefined;
      };
      return testedSplit(split, state !== undefined && areMet, actual);
    },
    outcome: () => outcomeOf(state, areMet),
  };
}

function outcomeOf(state: number | undefined, areMet: boolean): AllocationOutcome {
  if (state === undefined) return "not-reached";
  if (state === HOLDS) return "applies";
  if (state === UNSUPPORTED) return "error";
  if (state === UNRESOLVED) return "unknown";
  return areMet ? "no-split-matches" : "no-rule-holds";
}

function testedSplit(
  split: SplitDescription,
  isReached: boolean,
  actual: (shard: ShardDescription, place: number) => number | undefined,
): ExplainedSplit {
  const shards = split.shards.map((it, place) => {
    const shard = actual(it, place);
    const isIn =
      shard !== undefined && it.ranges.some(({ end, start }) => start <= shard && shard < end);
    const outcome: TestOutcome =
      !isReached || shard === undefined ? "not-reached" : isIn ? "holds" : "fails";
    return { ...it, outcome, shard: isReached ? (shard ?? null) : null, reason: "" };
  });
  const holds = shards.every(({ outcome }) => outcome === "holds");
  const outcome: TestOutcome = !isReached ? "not-reached" : holds ? "holds" : "fails";
  return { ...split, shards, outcome, reason: "" };
}
