import type { Decoded } from "../../conditions/decode.js";
import { DecodeError } from "../../errors/errors.js";
import { messageOf } from "../../errors/guard.js";
import type {
  AllocationDescription,
  ConditionDescription,
  FlagDescription,
  ShardDescription,
  SplitDescription,
} from "../../explain/description.js";
import {
  explainFrom,
  type Folding,
  type SeenCondition,
  type TestedAllocation,
} from "../../explain/explain-from.js";
import type {
  AllocationOutcome,
  ExplainedFlag,
  ExplainedShard,
  ExplainedSplit,
} from "../../explain/explanation.js";
import { md5Hex } from "../../hash/md5.js";
import type { Subject } from "../../model/subject.js";
import { reasonOf } from "../evaluation/reason.js";
import type { AllocationEvaluationCode } from "../evaluation-details.js";
import type { CompiledSplit } from "../flag.js";
import type { UfcFormat } from "../format.js";
import type {
  AllocationWire,
  ConditionWire,
  FlagWire,
  RuleWire,
  ShardWire,
  SplitWire,
} from "../wire.js";
import { partsOf } from "./describe.js";
import type { Observations } from "./observations.js";

const OUTCOMES: Readonly<Record<AllocationEvaluationCode, AllocationOutcome>> = {
  UNEVALUATED: "not-reached",
  MATCH: "applies",
  BEFORE_START_TIME: "not-started",
  AFTER_END_TIME: "ended",
  FAILING_RULE: "no-rule-holds",
  TRAFFIC_EXPOSURE_MISS: "no-split-matches",
};

/** Combines the description of a flag with the observations of its evaluation. */
export function explainFlag(
  flag: FlagDescription,
  wire: FlagWire,
  observations: Observations,
  format: UfcFormat | null,
): ExplainedFlag {
  const names = flag.isHashed ? namesByHash(observations.subject) : new Map<string, string>();
  const context: Context = { observations, names, reasonOf: format?.reasonOf ?? reasonOf };
  const testedAt = (index: number): TestedAllocation => {
    const described = flag.allocations[index] as AllocationDescription;
    const its = wire.allocations[index] as AllocationWire; // the description was created from it
    return testedAllocation(its, described, index, context);
  };
  return explainFrom(flag, testedAt, FOLDING);
}

const FOLDING: Folding = {
  error: "tests",
  conditions: "of-rules",
  hasBareRules: true,
  hasBareSplits: true,
};

interface Context {
  readonly observations: Observations;
  /** Names of the subject's attributes by their hashes, if conditions use hashes. */
  readonly names: ReadonlyMap<string, string>;
  readonly reasonOf: UfcFormat["reasonOf"];
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

function testedAllocation(
  wire: AllocationWire,
  description: AllocationDescription,
  index: number,
  context: Context,
): TestedAllocation {
  const { codes, match } = context.observations;
  const isMatched = match !== null && index === codes.length;
  const splitIndex = isMatched ? match.allocation.splits.indexOf(match.split) : -1;
  const rules = partsOf(wire.rules);
  const splits = partsOf(wire.splits);
  return {
    condition(r, c) {
      const rule = rules[r] as RuleWire; // the description was created from it
      const condition = (rule.conditions as readonly Decoded<ConditionWire>[])[c];
      const described = description.rules[r]?.conditions[c];
      return seenCondition(described as ConditionDescription, condition as ConditionWire, context);
    },
    rule: (_, r) => context.observations.of(rules[r] as RuleWire)?.outcome ?? "not-reached",
    split(split, s) {
      const matched = s === splitIndex ? match?.split : undefined;
      return explainSplit(split, splits[s] as SplitWire, matched, context);
    },
    outcome(...tests) {
      if (tests.flat().some(({ outcome }) => outcome === "error")) return "error";
      return OUTCOMES[isMatched ? "MATCH" : (codes[index] ?? "UNEVALUATED")];
    },
  };
}

function seenCondition(
  condition: ConditionDescription,
  wire: Decoded<ConditionWire>,
  { names, observations, reasonOf }: Context,
): SeenCondition {
  const seen = observations.of(wire);
  const attribute = names.get(condition.attribute) ?? condition.attribute;
  if (seen === undefined) {
    return { attribute, outcome: "not-reached", actual: undefined, reason: "" };
  }
  const { actual, error, outcome } = seen;
  const reason = outcome === "error" ? error : reasonOf(condition, actual, outcome === "holds");
  return { attribute, outcome, actual, reason };
}

function explainSplit(
  split: SplitDescription,
  wire: Decoded<SplitWire>,
  matched: CompiledSplit | undefined,
  { observations }: Context,
): ExplainedSplit {
  const list = wire instanceof DecodeError ? wire : wire.shards;
  if (list instanceof DecodeError) {
    // A malformed list is observed as a single shard condition.
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
  // The last shard condition that was reached decides, because those before it were met.
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
