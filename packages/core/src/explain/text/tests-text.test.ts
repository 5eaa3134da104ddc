import { describe, expect, it } from "vitest";
import type { ExplainedShard } from "../explanation.js";
import { shardResult } from "./tests-text.js";

const SHARD: ExplainedShard = {
  salt: "half",
  totalShards: 100,
  ranges: [{ start: 0, end: 50 }],
  problem: null,
  shard: 7,
  outcome: "holds",
  reason: "",
};

describe("shardResult", () => {
  it.each<{ of: Partial<ExplainedShard>; says: string }>([
    { of: {}, says: 'shard 7 of 100 for "half" is in [0, 50)' },
    { of: { shard: 70, outcome: "fails" }, says: 'shard 70 of 100 for "half" is not in [0, 50)' },
    { of: { ranges: [], outcome: "fails" }, says: 'shard 7 of 100 for "half" is in no range' },
    { of: { shard: null, outcome: "fails" }, says: 'the subject has no shard for "half"' },
    {
      of: { shard: null, outcome: "unknown" },
      says: 'unknown whether the shard for "half" is in [0, 50)',
    },
    {
      of: { shard: null, outcome: "unknown", reason: "the group is not given" },
      says: 'unknown whether the shard for "half" is in [0, 50): the group is not given',
    },
    { of: { shard: null, outcome: "not-reached" }, says: '[0, 50) of 100 shards of "half"' },
    { of: { shard: null, outcome: "error", reason: "malformed" }, says: "malformed" },
  ])("of $of is: $says", ({ of, says }) => {
    expect(shardResult({ ...SHARD, ...of })).toBe(says);
  });
});
