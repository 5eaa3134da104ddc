import {
  conditionText,
  type Decider,
  type ExplainedAllocation,
  type Explanation,
  valueText,
} from "@sortition/core/dialect";

/** Outcomes in the words of `sortition explain`. */
const OUTCOMES: Readonly<Record<ExplainedAllocation["outcome"], string>> = {
  applies: "applies",
  "not-started": "has not started",
  ended: "has ended",
  "no-rule-holds": "no rule matches",
  "no-split-matches": "the subject is in no split",
  unknown: "cannot be decided",
  error: "fails with an error",
  "not-reached": "not reached",
};

/** Returns one line for each allocation that was reached, with the reasons for its outcome. */
export function decidingLines({ error, flag, reason }: Explanation): readonly string[] {
  if (flag === null || error !== null) return [error ?? reason];
  const reached = flag.allocations.filter(({ outcome }) => outcome !== "not-reached");
  return reached.map((allocation) => {
    const because = allocation.decidedBy.map((decider) => deciderText(allocation, decider));
    return [`${allocation.key}: ${OUTCOMES[allocation.outcome]}`, ...because].join("; ");
  });
}

function deciderText({ rules, splits, window }: ExplainedAllocation, decider: Decider): string {
  switch (decider.kind) {
    case "window": {
      const ms = decider.bound === "start" ? window?.startAtMs : window?.endAtMs;
      return `the ${decider.bound} is ${typeof ms === "number" ? new Date(ms).toISOString() : "invalid"}`;
    }
    case "condition": {
      const condition = rules[decider.rule]?.conditions[decider.condition];
      if (condition === undefined) return "a condition";
      const actual = condition.actual === undefined ? "absent" : valueText(condition.actual);
      return `${conditionText(condition)} (actual: ${actual})`;
    }
    case "rule":
      return `rule ${decider.rule + 1}`;
    case "shard": {
      const shard = splits[decider.split]?.shards[decider.shard];
      const place =
        shard?.shard == null ? "no shard" : `shard ${shard.shard} of ${shard.totalShards}`;
      return `${place} by ${valueText(shard?.salt)}`;
    }
    case "split":
      return `split ${splits[decider.split]?.variation ?? decider.split + 1}`;
  }
}
