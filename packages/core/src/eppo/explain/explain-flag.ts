import { messageOf } from "../../errors/guard.js";
import type {
  ConditionDescription,
  FlagDescription,
  ShardDescription,
  SplitDescription,
} from "../../explain/description.js";
import type { SeenCondition, TestedAllocation } from "../../explain/explain-from.js";
import type {
  AllocationOutcome,
  ExplainedFlag,
  ExplainedShard,
  ExplainedSplit,
} from "../../explain/explanation.js";
import { type RecordedTest, Recording } from "../../explain/recording.js";
import { md5Hex } from "../../hash/md5.js";
import type { Subject } from "../../model/subject.js";
import { WHOLE_RULE } from "../condition/rule.js";
import { reasonOf } from "../evaluation/reason.js";
import { ruleOfSplit } from "../evaluation/shard.js";
import type { AllocationEvaluationCode } from "../evaluation-details.js";
import type { CompiledSplit } from "../flag.js";
import type { UfcFormat } from "../format.js";
import type { Match } from "../trace.js";

const OUTCOMES: Readonly<Record<AllocationEvaluationCode, AllocationOutcome>> = {
  UNEVALUATED: "not-reached",
  MATCH: "applies",
  BEFORE_START_TIME: "not-started",
  AFTER_END_TIME: "ended",
  FAILING_RULE: "no-rule-holds",
  TRAFFIC_EXPOSURE_MISS: "no-split-matches",
};

/** Creates the recorder of evaluations. */
export function createRecording(): Recording {
  return new Recording(readTest, { hasBareRules: true, byIndex: true });
}

/** @param tested - the outcome of a rule or a condition, or the code of an allocation. */
function readTest(tested: boolean | AllocationEvaluationCode): RecordedTest {
  const outcome = tested === "MATCH" || tested === true ? "holds" : "fails";
  if (typeof tested === "boolean") return { outcome, reason: "" };
  return { outcome, ofAllocation: OUTCOMES[tested], reason: "" };
}

/** An evaluation that was recorded. */
export interface RecordedEvaluation {
  readonly recording: Recording;
  readonly match: Match | null;
  /** `null` if the flag was not evaluated. */
  readonly subject: Subject | null;
  readonly format: UfcFormat | null;
}

/** Combines the description of a flag with its recorded evaluation. */
export function explainFlag(
  flag: FlagDescription,
  { format, match, recording, subject }: RecordedEvaluation,
): ExplainedFlag {
  const names = flag.isHashed ? namesByHash(subject) : new Map<string, string>();
  const reason = format?.reasonOf ?? reasonOf;
  return recording.explain(flag, (recorded, index) => {
    const described = flag.allocations[index];
    const isMatched = match !== null && recorded.tried === "holds";
    const splitIndex = isMatched ? match.allocation.splits.indexOf(match.split) : -1;
    return {
      ...recorded,
      condition(r, c) {
        const condition = described?.rules[r]?.conditions[c] as ConditionDescription; // exists
        const attribute = names.get(condition.attribute) ?? condition.attribute;
        return { ...seenCondition(condition, recorded.condition(r, c), reason), attribute };
      },
      rule: (_, r) => recorded.condition(r, WHOLE_RULE)?.outcome ?? "not-reached",
      split: (split, s) =>
        explainSplit(split, s, s === splitIndex ? match?.split : undefined, recorded),
    };
  });
}

/** Returns the subject's attribute names by hash. Other names cannot be recovered from their hashes. */
function namesByHash(subject: Subject | null): ReadonlyMap<string, string> {
  if (subject === null) return new Map();
  try {
    const names = ["id", ...Object.keys(subject.attributes)];
    return new Map(names.map((name) => [md5Hex(name), name]));
  } catch {
    return new Map(); // a name cannot be hashed, so the evaluation throws for this subject
  }
}

function seenCondition(
  condition: ConditionDescription,
  seen: SeenCondition | null,
  reasonOf: UfcFormat["reasonOf"],
): SeenCondition {
  if (seen === null) return { outcome: "not-reached", actual: undefined, reason: "" };
  if (seen.outcome === "error") return seen;
  return { ...seen, reason: reasonOf(condition, seen.actual, seen.outcome === "holds") };
}

function explainSplit(
  split: SplitDescription,
  index: number,
  matched: CompiledSplit | undefined,
  recorded: Pick<TestedAllocation, "condition">,
): ExplainedSplit {
  const rule = ruleOfSplit(index);
  const shards = split.shards.map((it, i) => explainShard(it, recorded.condition(rule, i)));
  if (matched?.outcome.kind === "failure") {
    return { ...split, outcome: "error", reason: messageOf(matched.outcome.cause), shards };
  }
  if (matched !== undefined) return { ...split, outcome: "holds", reason: "", shards };
  // The last shard condition that was reached decides, because those before it were met.
  const last = shards.filter(({ outcome }) => outcome !== "not-reached").at(-1);
  // A malformed list is recorded as a single shard condition.
  const seen = last ?? recorded.condition(rule, 0);
  return { ...split, outcome: seen?.outcome ?? "not-reached", reason: seen?.reason ?? "", shards };
}

function explainShard(shard: ShardDescription, seen: SeenCondition | null): ExplainedShard {
  if (seen === null) return { ...shard, outcome: "not-reached", shard: null, reason: "" };
  const { actual, outcome, reason } = seen;
  // The shard is unknown if the subject key cannot be hashed, and NaN in an empty shard space.
  const place = (actual as Float64Array).at(-1) ?? -1; // the known shards, see recordTests
  return { ...shard, outcome, shard: place >= 0 ? place : null, reason };
}
