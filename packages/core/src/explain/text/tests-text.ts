import type {
  Decider,
  ExplainedAllocation,
  ExplainedCondition,
  ExplainedShard,
  ExplainedSplit,
} from "../explanation.js";
import { conditionText, rangesText } from "./parts.js";
import { timeText } from "./values.js";

/** Describes a condition with the reason for its outcome. */
export function conditionResult(condition: ExplainedCondition): string {
  const { outcome, problem, reason } = condition;
  if (problem !== null) return problem;
  if (outcome === "not-reached") return conditionText(condition);
  return `${conditionText(condition)}: ${reason}`;
}

/** Describes a shard condition with the subject's shard. */
export function shardResult(it: ExplainedShard): string {
  const { outcome, problem, reason, salt, shard, totalShards } = it;
  if (outcome === "error") return reason;
  if (outcome === "not-reached") {
    return problem ?? `${rangesText(it, null)} of ${totalShards} shards of ${JSON.stringify(salt)}`;
  }
  const [space, ranges] = [JSON.stringify(salt), rangesText(it, shard)];
  if (outcome === "unknown") {
    const because = reason === "" ? "" : `: ${reason}`;
    return `unknown whether the shard for ${space} is in ${ranges}${because}`;
  }
  if (shard === null) return `the subject has no shard for ${space}`;
  const verb = outcome === "holds" || it.ranges.length === 0 ? "is in" : "is not in";
  return `shard ${shard} of ${totalShards} for ${space} ${verb} ${ranges}`;
}

/** Describes a split, or its error. */
export function splitResult({ outcome, reason, shards, variation }: ExplainedSplit): string {
  const name = `split ${JSON.stringify(variation)}`;
  if (outcome === "error" && shards.every((it) => it.outcome !== "error")) {
    return `${name}: ${reason}`;
  }
  return shards.length === 0 ? `${name}: all subjects` : name;
}

/** Returns one sentence for each test that decided an allocation's outcome. */
export function deciderTexts(allocation: ExplainedAllocation): readonly string[] {
  if (allocation.splits.length === 0 && allocation.outcome === "no-split-matches") {
    return ["it has no splits"];
  }
  return allocation.decidedBy.map((decider) => deciderText(allocation, decider));
}

function deciderText({ rules, splits, window }: ExplainedAllocation, decider: Decider): string {
  switch (decider.kind) {
    case "window":
      return decider.bound === "start"
        ? `it starts at ${timeText(window?.startAtMs ?? Number.NaN)}`
        : `it ended at ${timeText(window?.endAtMs ?? Number.NaN)}`;
    case "condition": {
      const condition = rules[decider.rule]?.conditions[decider.condition];
      return condition === undefined ? "" : conditionResult(condition);
    }
    case "rule":
      return rules[decider.rule]?.problem ?? `rule ${decider.rule + 1} has no conditions`;
    case "shard": {
      const shard = splits[decider.split]?.shards[decider.shard];
      return shard === undefined ? "" : shardResult(shard);
    }
    case "split": {
      const split = splits[decider.split];
      return split === undefined ? "" : splitResult(split);
    }
  }
}
