import { describe, expect, it } from "vitest";
import { compileRule } from "../condition/rule.js";
import { reasonOf } from "./reason.js";

describe("the reason of a condition", () => {
  it.each([
    { operator: "IS_NULL", expected: true, actual: undefined, reason: "it has no value" },
    { operator: "IS_NULL", expected: true, actual: 0, reason: '"0" is a value' },
    { operator: "ONE_OF", expected: ["a"], actual: "a", reason: '"a" is listed' },
    { operator: "ONE_OF", expected: ["1"], actual: 1, reason: '"1" is listed' },
    { operator: "ONE_OF", expected: ["a"], actual: true, reason: '"true" is not listed' },
    { operator: "NOT_ONE_OF", expected: ["a"], actual: "a", reason: '"a" is listed' },
    { operator: "NOT_ONE_OF", expected: ["a"], actual: "b", reason: '"b" is not listed' },
    {
      operator: "NOT_ONE_OF",
      expected: ["a"],
      actual: null,
      reason: "it has no value, so only IS_NULL matches",
    },
    { operator: "MATCHES", expected: "b", actual: "abc", reason: 'the pattern is found in "abc"' },
    {
      operator: "NOT_MATCHES",
      expected: "b",
      actual: 5,
      reason: 'the pattern is not found in "5"',
    },
    { operator: "GTE", expected: 18, actual: "18", reason: "18 is >= 18" },
    { operator: "LT", expected: "18", actual: 20, reason: "20 is not < 18" },
    { operator: "GT", expected: 1, actual: "x", reason: '"x" is not a number' },
    { operator: "GT", expected: "x", actual: 1, reason: "the condition's value is not a number" },
    {
      operator: "LTE",
      expected: "1.10.0",
      actual: "1.9.0",
      reason: "1.9.0 is <= 1.10.0, as versions",
    },
    { operator: "LTE", expected: "1.10.0", actual: 1, reason: '"1" is not a version' },
    {
      operator: "LIKE",
      expected: "a",
      actual: "a",
      reason: "unknown operator, which never matches",
    },
    {
      operator: "constructor",
      expected: 5,
      actual: 5,
      reason: "unknown operator, which never matches",
    },
  ])("$operator $expected is for $actual: $reason", ({ operator, expected, actual, reason }) => {
    const wire = { attribute: "a", operator, value: expected };
    const rule = compileRule({ wire: {}, conditions: [wire] }, false);
    const holds = rule.matches({ key: "alice", attributes: { a: actual as never } });
    const condition = { attribute: "a", operator, expected, problem: null };
    expect(reasonOf(condition, actual, holds)).toBe(reason);
  });
});
