import type { ConditionDescription, ExplainedAllocation } from "@sortition/core/dialect";
import { describe, expect, it } from "vitest";
import { conditionStepWords, conditionWords } from "./plain-words.js";

const condition = (operator: string, expected: unknown): ConditionDescription => ({
  ...{ attribute: "country", operator, expected, problem: null },
});

describe("conditionWords", () => {
  it.each([
    ["ONE_OF", ["DE", "FR"], "country is one of DE, FR"],
    ["ONE_OF", ["DE"], "country is DE"],
    ["NOT_ONE_OF", ["DE"], "country is not DE"],
    ["IS_NULL", true, "country has no value"],
    ["IS_NULL", false, "country has a value"],
    ["GTE", "2.1.0", 'country is at least "2.1.0"'],
    ["$in", [1, "1", "true"], 'country is one of 1, "1", "true"'],
    ["=", "DE", "country is DE"],
    ["is_not_set", "is_not_set", "country has no value"],
    ["contains", ["DE", "FR"], "country contains one of DE, FR"],
    ["not_starts_with", "D", "country does not start with D"],
    ["MATCHES", "^D", "country matches ^D"],
    ["gate", { value: true }, "country is true"],
    ["prerequisite", { value: { $ne: "off" } }, "country is not off"],
    [
      "prerequisite",
      { value: { $gt: 1, $lt: 5 } },
      'country prerequisite {"value":{"$gt":1,"$lt":5}}',
    ],
    ["set contains", ["DE"], 'country set contains ["DE"]'],
  ])("writes %s %j as %s", (operator, expected, words) => {
    expect(conditionWords(condition(operator, expected))).toBe(words);
  });

  it.each(["constructor", "__proto__"])("shows the unknown operator %s as it is", (operator) => {
    expect(conditionWords(condition(operator, 1))).toBe(`country ${operator} 1`);
  });

  it("shortens long lists", () => {
    const expected = Array.from({ length: 2_000 }, (_, i) => i);
    expect(conditionWords(condition("ONE_OF", expected))).toBe(
      "country is one of 0, 1, 2, 3, 4, 5, 6, 7 and 1,992 more",
    );
  });
});

describe("conditionStepWords", () => {
  type ExplainedCondition = ExplainedAllocation["rules"][number]["conditions"][number];
  const explained = (
    given: Pick<ExplainedCondition, "operator" | "expected" | "outcome"> &
      Partial<ExplainedCondition>,
  ): ExplainedCondition => ({
    ...{ attribute: "country", actual: undefined, problem: null, reason: "" },
    ...given,
  });

  it.each([
    [
      { operator: "ONE_OF", expected: ["DE", "FR"], actual: "DE", outcome: "holds" },
      "country is DE, one of DE, FR",
    ],
    [
      { operator: "ONE_OF", expected: ["DE"], actual: "US", outcome: "fails" },
      "country is US, not DE",
    ],
    [
      { operator: "NOT_ONE_OF", expected: ["US"], actual: "US", outcome: "fails" },
      "country is US, which is excluded",
    ],
    [
      { operator: "NOT_ONE_OF", expected: ["US", "CA"], actual: "US", outcome: "fails" },
      "country is US, one of US, CA",
    ],
    [
      { operator: "GT", expected: 5, outcome: "fails" },
      "country has no value, but must be above 5",
    ],
    [
      { operator: "not_icontains", expected: "x", outcome: "fails" },
      "country has no value, but must not contain x",
    ],
    [
      { operator: "MATCHES", expected: "^(a|b)$", outcome: "fails" },
      "country has no value, but must match ^(a|b)$",
    ],
    [
      { operator: "exact", expected: "DE", outcome: "unknown", reason: "it is not given" },
      "country is DE: it is not given",
    ],
    [{ operator: "GT", expected: 5, outcome: "not-reached" }, "country is above 5"],
    [
      { operator: "GT", expected: 5, outcome: "error", problem: "malformed value" },
      "malformed value",
    ],
  ] as const)("writes %j as %s", (given, words) => {
    expect(conditionStepWords(explained(given))).toBe(words);
  });
});
