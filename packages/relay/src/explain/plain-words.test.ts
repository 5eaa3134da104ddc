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
    ["set contains", ["DE", "FR"], "country contains all of DE, FR"],
    ["semver_gte", "2.1.0", 'country is at least version "2.1.0"'],
    ["SEMVER_LT", "2.1.0", 'country is below version "2.1.0"'],
    ["semver_caret", "2.1.0", "country is version ^2.1.0"],
    ["$regexi", "^d", "country matches (in any case) ^d"],
    ["=", { $gt: 1, $lt: 5 }, "country is above 1 and country is below 5"],
    ["namespace", ["pages", 0, 0.5], "country is in 0% to 50% of namespace pages"],
    ["namespace", "pages", 'country namespace "pages"'],
    ["between", [1, 5], "country between [1, 5]"],
  ])("writes %s %j as %s", (operator, expected, words) => {
    expect(conditionWords(condition(operator, expected))).toBe(words);
  });

  it.each([
    ["user.user_properties.plan", "is", ["gold"], "plan is gold"],
    ["user.user_properties.country", "is", ["DE"], "property country is DE"],
    ["user.country", "is not", ["DE"], "country is not DE"],
    ["result.checkout.key", "is", ["on"], "flag checkout is on"],
    ["user.cohort_ids", "set contains any", ["early"], "the subject is in cohort early"],
    [
      "user.cohort_ids",
      "set does not contain any",
      ["a", "b"],
      "the subject is not in one of the cohorts a, b",
    ],
    ["groups.org.group_properties.plan", "is", ["gold"], "plan of group org is gold"],
    ["user.country", "exact", "DE", "user.country is DE"],
    ["cohort", "in", 7, "the subject is in cohort 7"],
    ["cohort", "not_in", 7, "the subject is not in cohort 7"],
    ["flag checkout", "flag_evaluates_to", true, "flag checkout is enabled"],
    ["flag checkout", "flag_evaluates_to", "fast", "flag checkout is fast"],
    [
      "",
      "$or",
      [{ age: { $gt: 5 } }, { tier: "gold", plan: { $in: ["a", "b"] } }],
      "age is above 5 or (tier is gold and plan is one of a, b)",
    ],
    ["", "$not", { age: 5 }, "not (age is 5)"],
    ["", "$nor", [{ age: 5 }, { age: 6 }], "not (age is 5 or age is 6)"],
  ])("writes %s %s %j as %s", (attribute, operator, expected, words) => {
    expect(conditionWords({ ...condition(operator, expected), attribute })).toBe(words);
  });

  it("shows conditions that nest too deeply as JSON", () => {
    const nested = Array.from({ length: 50 }).reduce<unknown>((it) => [{ $or: it }], { age: 5 });
    const words = conditionWords({ ...condition("$or", nested), attribute: "" });
    expect(words).toContain(' $or [{"$or":');
    expect(words.length).toBeLessThan(200);
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
      { attribute: "cohort", operator: "in", expected: 7, outcome: "fails" },
      "the subject is not in cohort 7",
    ],
    [
      {
        attribute: "flag checkout",
        operator: "flag_evaluates_to",
        expected: true,
        outcome: "fails",
      },
      "flag checkout is not enabled",
    ],
    [
      { attribute: "", operator: "$or", expected: [{ age: 5 }, { age: 6 }], outcome: "fails" },
      "not met: age is 5 or age is 6 (age is 4)",
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
    expect(conditionStepWords(explained(given), { age: 4 })).toBe(words);
  });
});
