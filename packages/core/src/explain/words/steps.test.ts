import { describe, expect, it } from "vitest";
import { EPPO_WORDS } from "../../eppo/explain/words.js";
import type { ExplainedAllocation, Explanation } from "../explanation.js";
import { explanationSteps, type Step } from "./steps.js";

type Split = ExplainedAllocation["splits"][number];
type Shard = Split["shards"][number];

function shard(salt: string, range: readonly [number, number], given: Partial<Shard> = {}): Shard {
  const ranges = [{ start: range[0], end: range[1] }];
  const tested = { outcome: "fails", shard: 70, reason: "" } as const;
  return { salt, totalShards: 100, ranges, problem: null, ...tested, ...given };
}

function split(variation: string, shards: readonly Shard[], given: Partial<Split> = {}): Split {
  return { variation, shards, outcome: "fails", reason: "", problem: null, ...given };
}

function stepsOf(given: Partial<ExplainedAllocation>): readonly Step[] {
  const allocation: ExplainedAllocation = {
    key: "a",
    outcome: "applies",
    decidedBy: [],
    window: null,
    unit: null,
    traffic: null,
    participants: null,
    holdout: null,
    isLogged: true,
    rules: [],
    splits: [],
    ...given,
  };
  const explanation: Explanation = {
    flagKey: "flag",
    subjectKey: "user-1",
    reason: "static",
    errorCode: null,
    error: null,
    flag: {
      key: "flag",
      valueType: null,
      isEnabled: true,
      isHashed: false,
      variations: [],
      followsRanges: true,
      problem: null,
      allocations: [allocation],
    },
  };
  return explanationSteps(explanation, EPPO_WORDS, {})[0]?.steps ?? [];
}

const wordsOf = (steps: readonly Step[]): readonly string[] =>
  steps.map(({ outcome, words }) => `${outcome}: ${words}`);

describe("explanationSteps", () => {
  it("has one scale per salt, with the ranges of all splits", () => {
    const traffic = shard("traffic", [0, 80], { outcome: "holds" });
    const [, first, second] = stepsOf({
      splits: [
        split("x", [traffic, shard("split", [0, 50])]),
        split("y", [traffic, shard("split", [50, 100], { outcome: "holds" })], {
          outcome: "holds",
        }),
      ],
    });
    expect(first?.words).toBe("participation: shard 70 of 100, in the range for this allocation");
    expect(second?.words).toBe("variation: shard 70 of 100, in the range for y");
    expect(
      second?.place?.parts.map(({ hasSubject, variations }) => [variations, hasSubject]),
    ).toEqual([
      [["x"], false],
      [["y"], true],
    ]);
  });

  it("shows the shards that a split without conditions assigns", () => {
    const member = shard("s", [0, 100], { outcome: "holds" });
    const [, first, second, ...others] = stepsOf({
      splits: [split("on", [member, shard("s", [0, 50])]), split("off", [], { outcome: "holds" })],
    });
    expect(wordsOf([first, second].filter((it) => it !== undefined))).toEqual([
      "holds: participation: shard 70 of 100, in the range for this allocation",
      "holds: variation: shard 70 of 100, in the range for off",
    ]);
    expect(second?.place?.parts.map(({ ranges, words }) => [words, ranges])).toEqual([
      ["on", [{ start: 0, end: 50 }]],
      ["off", [{ start: 50, end: 100 }]],
    ]);
    expect(others).toEqual([]);
  });

  it("keeps conditions of one split with the same salt apart, because both must match", () => {
    const shards = [shard("s", [0, 80], { outcome: "holds" }), shard("s", [0, 50])];
    const steps = stepsOf({ outcome: "no-split-matches", splits: [split("x", shards)] });
    expect(wordsOf(steps).slice(1)).toEqual([
      "holds: participation: shard 70 of 100, in the range for this allocation",
      "fails: variation: shard 70 of 100, in no range",
    ]);
  });

  it.each<{ of: Partial<ExplainedAllocation>; says: readonly string[] }>([
    {
      of: { splits: [split("x", [], { outcome: "holds" })] },
      says: ["holds: all subjects match", "holds: the subject gets x"],
    },
    {
      of: { outcome: "no-split-matches" },
      says: ["holds: all subjects match", "fails: there are no splits"],
    },
    {
      of: { outcome: "ended", window: { startAtMs: null, endAtMs: Date.UTC(2026, 1, 1) } },
      says: ["fails: active until 2026-02-01"],
    },
    { of: { outcome: "not-reached" }, says: [] },
    {
      of: {
        outcome: "error",
        splits: [split("x", [], { outcome: "error", reason: "no such variation" })],
      },
      says: ["holds: all subjects match", "error: split for x: no such variation"],
    },
    {
      of: {
        outcome: "unknown",
        splits: [
          split(
            "x",
            [shard("s", [0, 50], { outcome: "unknown", shard: null, reason: "no group" })],
            {
              outcome: "unknown",
            },
          ),
        ],
      },
      says: ["holds: all subjects match", "unknown: split: cannot be decided: no group"],
    },
    {
      of: {
        outcome: "no-split-matches",
        splits: [split("x", [shard("s", [0, 50], { shard: null })])],
      },
      says: ["holds: all subjects match", "fails: the subject has no shard"],
    },
  ])("says $says", ({ of, says }) => {
    expect(wordsOf(stepsOf(of))).toEqual(says);
  });

  it("lists several rules as alternatives, and a rule with several conditions as a whole", () => {
    const condition: ExplainedAllocation["rules"][number]["conditions"][number] = {
      ...{ attribute: "plan", operator: "ONE_OF", expected: ["gold"], problem: null },
      ...{ actual: "free", outcome: "fails", reason: "" },
    };
    const rules: ExplainedAllocation["rules"] = [
      { conditions: [condition], outcome: "fails", problem: null },
      { conditions: [condition, condition], outcome: "fails", problem: null },
      { conditions: [], outcome: "error", problem: "malformed" },
    ];
    const [all] = stepsOf({ outcome: "no-rule-holds", rules });
    expect(all?.words).toBe("one of these rules must match");
    expect(wordsOf(all?.steps ?? [])).toEqual([
      "fails: rule 1: plan is free, not gold",
      "fails: rule 2: all of these conditions must match",
      "error: rule 3: malformed",
    ]);
    expect(all?.steps[1]?.steps).toHaveLength(2);
  });
});
