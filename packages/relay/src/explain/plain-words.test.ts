import type { ConditionDescription } from "@sortition/core/dialect";
import { describe, expect, it } from "vitest";
import { conditionWords } from "./plain-words.js";

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
