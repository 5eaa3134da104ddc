import { expect, it } from "vitest";
import type { ExplainedAllocation, Explanation } from "../explanation.js";
import { whyText } from "./why-text.js";

const ALLOCATION: ExplainedAllocation = {
  key: "rule 2",
  outcome: "applies",
  decidedBy: [
    { kind: "condition", rule: 0, condition: 0 },
    { kind: "split", split: 0 },
  ],
  window: null,
  traffic: null,
  isLogged: true,
  rules: [
    {
      outcome: "holds",
      problem: null,
      conditions: [
        {
          attribute: "country",
          operator: "ONE_OF",
          expected: ["DE", "FR"],
          actual: "DE",
          outcome: "holds",
          reason: '"DE" is one of them',
          problem: null,
        },
      ],
    },
  ],
  splits: [{ variation: "on", outcome: "holds", reason: "", shards: [], problem: null }],
};

function explanationOf(changes: Partial<Explanation>, allocation = ALLOCATION): Explanation {
  return {
    flagKey: "search",
    subjectKey: "user-1",
    reason: "assigned",
    error: null,
    flag: {
      key: "search",
      valueType: null,
      isEnabled: true,
      isHashed: false,
      variations: [],
      problem: null,
      allocations: [allocation],
    },
    ...changes,
  };
}

it("names the allocation that applies, and the reason", () => {
  expect(whyText(explanationOf({}))).toBe(
    'rule 2: country ONE_OF ["DE", "FR"]: "DE" is one of them and split "on": all subjects',
  );
});

it.each([
  { changes: { reason: "no-allocation" }, text: "the default: no allocation applies" },
  { changes: { reason: "flag-disabled", flag: null }, text: "the default: the flag is disabled" },
  {
    changes: { reason: "SORTITION_EVALUATION", error: "a broken pattern" },
    text: "the default: a broken pattern",
  },
] as const)("shows $text if nothing is assigned", ({ changes, text }) => {
  const missed: ExplainedAllocation = { ...ALLOCATION, outcome: "no-rule-holds", decidedBy: [] };
  expect(whyText(explanationOf(changes, missed))).toBe(text);
});
