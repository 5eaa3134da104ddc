import {
  type Configuration,
  type Decoded,
  DecodeError,
  type ExplainedCondition,
  type ExplainedFlag,
  type ExplainedRule,
  type ExplainedShard,
  type ExplainedSplit,
  explainFrom,
  type Folding,
  type SplitDescription,
  type TestedAllocation,
  type TestOutcome,
} from "@sortition/core/dialect";
import { bucketedBy } from "../evaluation/bucket.js";
import type { Segment } from "../evaluation/segment.js";
import type { AmplitudeFlag } from "../flag.js";
import { describeFlag } from "./describe.js";
import type { Observations, RecordedSegment } from "./observations.js";
import { isIn } from "./traffic.js";

/**
 * Combines the description of a flag with the tests of its evaluation.
 *
 * @param error - the error of the evaluation, or `null`.
 */
export function explainFlag(
  flag: AmplitudeFlag,
  configuration: Configuration,
  observations: Observations,
  error: unknown,
): ExplainedFlag {
  const segments = flag.segments instanceof DecodeError ? [] : flag.segments;
  const end = error !== null ? "error" : observations.outcome !== null ? "applies" : null;
  const testedAt = (index: number): TestedAllocation => {
    const isLast = index === observations.segments.length - 1;
    return testedSegment(segments[index], observations.segments[index], isLast ? end : null);
  };
  return explainFrom(describeFlag(flag, configuration), testedAt, FOLDING);
}

const FOLDING: Folding = {
  error: "nothing",
  conditions: "of-rules",
  hasBareRules: true,
  hasBareSplits: true,
};

/** @param end - how the evaluation ended in this segment, or `null` if it continued. */
function testedSegment(
  segment: Decoded<Segment> | undefined,
  recorded: RecordedSegment | undefined,
  end: "error" | "applies" | null,
): TestedAllocation {
  const splitting = createSplitting(segment, recorded);
  const hasPassed = (rules: readonly ExplainedRule[]): boolean =>
    rules.length === 0 || rules.some(({ outcome }) => outcome === "holds");
  return {
    condition(rule, condition) {
      const tested = recorded?.condition(rule, condition);
      if (tested === undefined) return null;
      const { actual, holds } = tested;
      return { outcome: holds ? "holds" : "fails", actual, reason: reasonOf(actual) };
    },
    rule: ({ problem }, _, conditions) => ruleOutcome(problem, conditions, recorded),
    split: (split, _, rules) => (hasPassed(rules) ? splitting(split) : untested(split)),
    outcome(rules) {
      if (recorded === undefined) return "not-reached";
      return end ?? (hasPassed(rules) ? "no-split-matches" : "no-rule-holds");
    },
  };
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

function reasonOf(actual: unknown): string {
  if (actual === undefined || actual === null) return "the value is absent";
  let text: string | undefined;
  try {
    text = JSON.stringify(actual) as string | undefined; // undefined for a function
  } catch {
    // A caller's value may have no JSON form.
  }
  return `the value is ${text ?? typeof actual}`;
}

/** Explains the splits of a segment in order. The first one that matches decides. */
function createSplitting(
  segment: Decoded<Segment> | undefined,
  recorded: RecordedSegment | undefined,
): (split: SplitDescription) => ExplainedSplit {
  const bucket = segment instanceof DecodeError ? null : (segment?.bucket ?? null);
  const text = recorded?.text ?? "";
  const places =
    bucket === null || bucket instanceof DecodeError || text === ""
      ? null
      : bucketedBy(bucket, text);
  let isDecided = recorded === undefined || segment === undefined;
  return (split) => {
    if (isDecided || split.problem !== null) return untested(split);
    const shards = split.shards.map((it, i): ExplainedShard => {
      const shard = (i === 0 ? places?.percentile : places?.share) ?? null;
      const [range] = it.ranges;
      const holds = shard !== null && range !== undefined && isIn(range, shard);
      return { ...it, shard, outcome: holds ? "holds" : "fails", reason: "" };
    });
    isDecided = shards.every(({ outcome }) => outcome === "holds");
    return { ...split, shards, outcome: isDecided ? "holds" : "fails", reason: "" };
  };
}
