import { describe, expect, it } from "vitest";
import type { ExplainedAllocation, ExplainedFlag, Explanation } from "../explanation.js";
import { type ExplanationTextOptions, explanationText } from "./explanation-text.js";

/** A rule that depends on an attribute that the caller did not pass. */
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
  unit: null,
  traffic: null,
  participants: null,
  holdout: null,
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
  followsRanges: true,
  problem: null,
  allocations: [ALLOCATION],
};

const EXPLANATION: Explanation = {
  flagKey: "search",
  subjectKey: "user-1",
  reason: "unresolved",
  errorCode: null,
  error: null,
  flag: FLAG,
};

/** The lines about the result. */
function answerOf(changes: Partial<Explanation>, options?: ExplanationTextOptions): string {
  const [, , answer = ""] = explanationText({ ...EXPLANATION, ...changes }, options).split("\n");
  return answer.replace("Answer   ", "");
}

describe("explanationText", () => {
  it("shows what cannot be decided, and why", () => {
    expect(explanationText(EXPLANATION)).toBe(`search for user-1

Answer   the default: it cannot be decided with the given data
Because  cannot be decided: the given data do not decide it
         team: email icontains "@example.com": it is not given

? 1 team: cannot be decided
  ? email icontains "@example.com": it is not given
`);
  });

  const applied: Partial<Explanation> = {
    reason: "static",
    flag: {
      ...FLAG,
      allocations: [
        {
          ...ALLOCATION,
          outcome: "applies",
          decidedBy: [],
          rules: [],
          splits: [{ variation: "on", outcome: "holds", reason: "", shards: [], problem: null }],
        },
      ],
    },
  };

  it.each([
    { of: applied, answer: 'variation "on" of allocation "team"' },
    { of: { reason: "override", flag: null }, answer: "an override" },
    { of: { reason: "flag-not-found", flag: null }, answer: "the default: no such flag" },
    {
      of: { reason: "not-initialized", flag: null },
      answer: "the default: no configuration yet",
    },
    {
      of: { reason: "error", errorCode: "SORTITION_TYPE_MISMATCH", error: "no." },
      answer: "the default: no.",
    },
  ] as const)("describes the result: $answer", ({ of, answer }) => {
    expect(answerOf(of as Partial<Explanation>)).toBe(answer);
    const value = { kind: "value", text: '"red"' } as const;
    expect(answerOf(of as Partial<Explanation>, { result: value })).toBe(`"red", ${answer}`);
  });

  it("shows the error that the call throws", () => {
    const result = { kind: "throws", error: new TypeError("bad key") } as const;
    expect(answerOf({}, { result })).toBe("the call throws: bad key");
  });

  it("respects the width, and accepts a title and colours", () => {
    const title = "a flag of a shop for a subject with a key that is quite long";
    const text = explanationText(EXPLANATION, {
      title,
      width: 40,
      paint: (of, color) => (of.length === 1 ? `<${color}>` : of),
    });
    expect(text).toBe(`a flag of a shop for a subject with a
  key that is quite long

Answer   the default: it cannot be
           decided with the given data
Because  cannot be decided: the given
           data do not decide it
         team: email icontains
           "@example.com": it is not
           given

<yellow> 1 team: cannot be decided
  <yellow> email icontains "@example.com": it
      is not given
`);
  });

  it("escapes control characters", () => {
    const text = explanationText({ ...EXPLANATION, subjectKey: "a\u001b[2Jb" });
    expect(text).toContain("search for a\\u001b[2Jb\n");
  });

  it.each([39, 40.5, 10_001, Number.NaN, "80"])("refuses the width %s", (width) => {
    expect(() => explanationText(EXPLANATION, { width: width as number })).toThrow(
      expect.objectContaining({ code: "SORTITION_OPTION", option: "width" }),
    );
  });
});
