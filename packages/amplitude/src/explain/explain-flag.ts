import {
  type AllocationOutcome,
  type Decider,
  type Decoded,
  DecodeError,
  type ExplainedAllocation,
  type ExplainedCondition,
  type ExplainedFlag,
  type ExplainedRule,
  type ExplainedShard,
  type ExplainedSplit,
  messageOf,
  type SplitDescription,
  type TestOutcome,
} from "@sortition/core/dialect";
import { bucketedBy } from "../dialect/bucket.js";
import type { AmplitudeFlag } from "../dialect/flag.js";
import type { Segment } from "../dialect/segment.js";
import { describeFlag } from "./describe.js";
import type { FlagRecorder, RecordedSegment } from "./recorder.js";
import { splitsOf } from "./split.js";
import { isIn } from "./traffic.js";

/**
 * Combines the description of a flag with what its evaluation tested.
 *
 * @param error - what the evaluation threw; `null`: nothing.
 */
export function explainFlag(
  flag: AmplitudeFlag,
  recorder: FlagRecorder,
  error: unknown,
): ExplainedFlag {
  const description = describeFlag(flag);
  const segments = flag.segments instanceof DecodeError ? [] : flag.segments;
  const allocations = description.allocations.map((allocation, index): ExplainedAllocation => {
    const recorded = recorder.segments[index];
    const isLast = index === recorder.segments.length - 1;
    const failure = isLast && error !== null ? messageOf(error) : null;
    const isApplied = isLast && recorder.outcome !== null;
    const rules = allocation.rules.map((rule, i): ExplainedRule => {
      const conditions = rule.conditions.map((condition, j): ExplainedCondition => {
        const tested = recorded?.condition(i, j);
        if (tested === undefined)
          return { ...condition, outcome: "not-reached", actual: undefined, reason: "" };
        const { actual, holds } = tested;
        return {
          ...condition,
          outcome: holds ? "holds" : "fails",
          actual,
          reason: reasonOf(actual),
        };
      });
      return { ...rule, conditions, outcome: ruleOutcome(rule.problem, conditions, recorded) };
    });
    const isPassed = rules.length === 0 || rules.some(({ outcome }) => outcome === "holds");
    const segment = segments[index];
    const isSplit = recorded !== undefined && isPassed && segment !== undefined;
    const splits = isSplit ? explainSplits(segment, recorded) : allocation.splits.map(untested);
    const outcome: AllocationOutcome =
      recorded === undefined
        ? "not-reached"
        : failure !== null
          ? "error"
          : isApplied
            ? "applies"
            : isPassed
              ? "no-split-matches"
              : "no-rule-holds";
    return { ...allocation, rules, splits, outcome, decidedBy: decidersOf(outcome, rules, splits) };
  });
  return { ...description, allocations };
}

const UNTESTED = { outcome: "not-reached", reason: "" } as const;

function untested(split: SplitDescription): ExplainedSplit {
  const shards = split.shards.map((it) => ({ ...it, ...UNTESTED, shard: null }));
  return { ...split, ...UNTESTED, shards };
}

function ruleOutcome(
  problem: string | null,
  conditions: readonly ExplainedCondition[],
  recorded: RecordedSegment | undefined,
): TestOutcome {
  if (recorded === undefined) return "not-reached";
  if (problem !== null) return "fails";
  const last = conditions.filter(({ outcome }) => outcome !== "not-reached").at(-1);
  if (last === undefined) return conditions.length === 0 ? "holds" : "not-reached";
  return last.outcome;
}

/** What a condition saw. */
function reasonOf(actual: unknown): string {
  if (actual === undefined || actual === null) return "the value is absent";
  let text: string | undefined;
  try {
    text = JSON.stringify(actual) as string | undefined; // undefined for a function
  } catch {
    // A value of the caller's own may have no JSON form.
  }
  return `the value is ${text ?? typeof actual}`;
}

function explainSplits(segment: Decoded<Segment>, recorded: RecordedSegment): ExplainedSplit[] {
  if (segment instanceof DecodeError) return [];
  const { bucket } = segment;
  const text = recorded.text ?? "";
  const shards =
    bucket === null || bucket instanceof DecodeError || text === ""
      ? null
      : bucketedBy(bucket, text);
  let isDecided = false;
  return splitsOf(segment).map(({ description, ranges }): ExplainedSplit => {
    if (isDecided || description.problem !== null) return untested(description);
    const places = shards === null ? [null, null] : [shards.percentile, shards.share];
    const explained = description.shards.map((it, i): ExplainedShard => {
      const shard = places[i] ?? null;
      const [range] = it.ranges;
      const holds = shard !== null && range !== undefined && isIn(range, shard);
      return { ...it, shard, outcome: holds ? "holds" : "fails", reason: "" };
    });
    const holds = ranges === null || explained.every(({ outcome }) => outcome === "holds");
    isDecided = holds;
    return { ...description, shards: explained, outcome: holds ? "holds" : "fails", reason: "" };
  });
}

function decidersOf(
  outcome: AllocationOutcome,
  rules: readonly ExplainedRule[],
  splits: readonly ExplainedSplit[],
): Decider[] {
  switch (outcome) {
    case "no-rule-holds":
      return rulesThat(rules, "fails");
    case "applies":
      return [...rulesThat(rules, "holds"), ...splitsThat(splits, "holds")];
    case "no-split-matches":
      return [...rulesThat(rules, "holds"), ...splitsThat(splits, "fails")];
    default:
      return [];
  }
}

function rulesThat(rules: readonly ExplainedRule[], outcome: TestOutcome): Decider[] {
  return rules.flatMap((it, rule): Decider[] => {
    if (it.outcome !== outcome) return [];
    const conditions = it.conditions.flatMap(({ outcome: its }, condition): Decider[] =>
      its === outcome ? [{ kind: "condition", rule, condition }] : [],
    );
    return conditions.length === 0 ? [{ kind: "rule", rule }] : conditions;
  });
}

function splitsThat(splits: readonly ExplainedSplit[], outcome: TestOutcome): Decider[] {
  return splits.flatMap((it, split): Decider[] => {
    if (it.outcome !== outcome) return [];
    const shards = it.shards.flatMap(({ outcome: its }, shard): Decider[] =>
      its === outcome ? [{ kind: "shard", split, shard }] : [],
    );
    return shards.length === 0 ? [{ kind: "split", split }] : shards;
  });
}
