import { expect, it } from "vitest";
import type { FlagDescription } from "./description.js";
import { explainFrom, type Folding, type TestedAllocation } from "./explain-from.js";
import type { AllocationOutcome, TestOutcome } from "./explanation.js";

const condition = { attribute: "country", operator: "ONE_OF", expected: ["DK"], problem: null };
const shard = { salt: "s", totalShards: 10, ranges: [{ start: 0, end: 5 }], problem: null };

/** An allocation with a rule of two conditions, and a split with one shard condition. */
const FLAG: FlagDescription = {
  key: "flag",
  valueType: "boolean",
  isEnabled: true,
  isHashed: false,
  variations: [],
  allocations: [
    {
      key: "a",
      window: null,
      rules: [{ conditions: [condition, condition], problem: null }],
      splits: [{ variation: "on", shards: [shard], problem: null }],
      unit: null,
      traffic: null,
      participants: null,
      holdout: null,
      isLogged: true,
    },
  ],
  followsRanges: true,
  problem: null,
};

const FOLDING: Folding = {
  error: "tests",
  conditions: "of-rules",
  hasBareRules: true,
  hasBareSplits: true,
};

interface Outcomes {
  readonly conditions?: readonly (TestOutcome | null)[];
  readonly rule?: TestOutcome;
  readonly shard?: TestOutcome;
  readonly split?: TestOutcome;
}

function explained(outcome: AllocationOutcome, seen: Outcomes, folding: Partial<Folding> = {}) {
  const { conditions = [], rule = "holds", shard: its = "holds", split: all = its } = seen;
  const tested: TestedAllocation = {
    condition(_, index) {
      const of = conditions[index] ?? null;
      return of && { outcome: of, actual: "DK", reason: "seen" };
    },
    rule: () => rule,
    split: (split) => {
      const shards = split.shards.map((it) => ({ ...it, outcome: its, shard: 3, reason: "" }));
      return { ...split, shards, outcome: all, reason: "" };
    },
    outcome: () => outcome,
  };
  return explainFrom(FLAG, () => tested, { ...FOLDING, ...folding }).allocations[0];
}

it("keeps the description of a condition that was not evaluated", () => {
  const it = explained("no-rule-holds", { conditions: ["fails", null], rule: "fails" });
  expect(it?.rules[0]?.conditions).toEqual([
    { ...condition, outcome: "fails", actual: "DK", reason: "seen" },
    { ...condition, outcome: "not-reached", actual: undefined, reason: "" },
  ]);
  expect(it?.decidedBy).toEqual([{ kind: "condition", rule: 0, condition: 0 }]);
});

it("names what decides an allocation that applies", () => {
  const it = explained("applies", { conditions: ["holds", "holds"] });
  expect(it?.decidedBy).toEqual([
    { kind: "condition", rule: 0, condition: 0 },
    { kind: "condition", rule: 0, condition: 1 },
    { kind: "shard", split: 0, shard: 0 },
  ]);
});

it("names a rule or a split that no test decides, if the dialect reports one", () => {
  const seen: Outcomes = { rule: "holds", shard: "not-reached", split: "holds" };
  expect(explained("applies", seen)?.decidedBy).toEqual([
    { kind: "rule", rule: 0 },
    { kind: "split", split: 0 },
  ]);
  const folding = { hasBareRules: false, hasBareSplits: false };
  expect(explained("applies", seen, folding)?.decidedBy).toEqual([]);
});

it("uses conditions of rules with another outcome only if the dialect allows it", () => {
  const seen: Outcomes = { conditions: ["holds", "error"], rule: "error" };
  expect(explained("applies", seen)?.decidedBy).toEqual([{ kind: "shard", split: 0, shard: 0 }]);
  expect(explained("applies", seen, { conditions: "all" })?.decidedBy).toContainEqual({
    kind: "condition",
    rule: 0,
    condition: 0,
  });
});

it.each([
  ["tests", [{ kind: "condition", rule: 0, condition: 1 }]],
  ["first-rule", [{ kind: "rule", rule: 0 }]],
  ["nothing", []],
] as const)("explains an error by %s", (error, expected) => {
  const seen: Outcomes = { conditions: ["holds", "error"], rule: "error" };
  expect(explained("error", seen, { error })?.decidedBy).toEqual(expected);
});

it.each([
  ["not-started", [{ kind: "window", bound: "start" }]],
  ["ended", [{ kind: "window", bound: "end" }]],
  ["not-reached", []],
] as const)("explains %s by the window, or not at all", (outcome, expected) => {
  expect(explained(outcome, {})?.decidedBy).toEqual(expected);
});
