import type { ExplainedAllocation, ExplainedFlag } from "@sortition/core/dialect";
import { describe, expect, it } from "vitest";
import type { ExplainedCase } from "./case.js";
import { renderCase } from "./render.js";

/** A rule that depends on an attribute which the caller did not give. */
const CONDITION = {
  attribute: "email",
  operator: "icontains",
  expected: "@example.com",
  actual: undefined,
  outcome: "unknown",
  reason: "it is not given",
  problem: null,
} as const;

const ALLOCATION: ExplainedAllocation = {
  key: "team",
  outcome: "unknown",
  decidedBy: [{ kind: "condition", rule: 0, condition: 0 }],
  window: null,
  traffic: null,
  isLogged: true,
  rules: [{ outcome: "unknown", conditions: [CONDITION], problem: null }],
  splits: [{ variation: "on", outcome: "not-reached", reason: "", shards: [], problem: null }],
};

const FLAG: ExplainedFlag = {
  key: "search",
  valueType: null,
  isEnabled: true,
  isHashed: false,
  variations: [],
  problem: null,
  allocations: [ALLOCATION],
};

describe("renderCase", () => {
  it("shows what cannot be decided, and why", () => {
    const explained: ExplainedCase = {
      question: { flag: "search", subjectKey: "user-1", attributes: {}, option: () => undefined },
      type: null,
      nowMs: 0,
      answer: { kind: "result", fields: { value: null } },
      valueText: "null",
      explanation: {
        flagKey: "search",
        subjectKey: "user-1",
        reason: "unresolved",
        error: null,
        flag: FLAG,
      },
      extras: { fields: {}, paragraphs: [] },
    };
    expect(
      renderCase(explained, (text) => text),
    ).toBe(`search for user-1 at 1970-01-01T00:00:00.000Z

Answer   null, the default: it cannot be decided with the given data
Because  email icontains "@example.com": it is not given

? 1 team: cannot be decided
  ? rule 1
    ? email icontains "@example.com": it is not given
  · split "on": not reached
`);
  });
});
