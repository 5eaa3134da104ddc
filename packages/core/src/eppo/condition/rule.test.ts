import { describe, expect, it } from "vitest";
import { DecodeError } from "../../errors/errors.js";
import { md5Hex } from "../../hash/md5.js";
import { OPERATORS } from "../decode.js";
import type { ConditionWire, RuleWire } from "../wire.js";
import { compileRule, HASH_OF_TRUE, OPERATOR_BY_HASH } from "./rule.js";

function ruleOf(...conditions: RuleWire["conditions"][] | ConditionWire[]): RuleWire {
  return { wire: {}, conditions: conditions as readonly ConditionWire[] };
}

function matches(operator: string, value: unknown, attributes: Record<string, unknown>): boolean {
  const rule = compileRule(ruleOf({ attribute: "a", operator, value }), false);
  return rule.matches({ key: "alice", attributes: attributes as never });
}

describe("a condition", () => {
  it.each([
    { operator: "IS_NULL", value: true, a: null, is: true, because: "null is null" },
    { operator: "IS_NULL", value: true, a: undefined, is: true, because: "undefined is null too" },
    { operator: "IS_NULL", value: true, a: 0, is: false, because: "zero is a value" },
    { operator: "IS_NULL", value: false, a: "", is: true, because: "an empty string is a value" },
    { operator: "IS_NULL", value: "false", a: null, is: true, because: "the string is truthy" },
    { operator: "ONE_OF", value: ["x", "y"], a: "y", is: true, because: "it is listed" },
    { operator: "ONE_OF", value: ["X"], a: "x", is: false, because: "case matters" },
    { operator: "ONE_OF", value: ["1"], a: 1.0, is: true, because: "1.0 becomes the string 1" },
    {
      operator: "ONE_OF",
      value: ["true"],
      a: true,
      is: true,
      because: "true becomes the string true",
    },
    { operator: "ONE_OF", value: [1], a: 1, is: false, because: "elements must be strings" },
    {
      operator: "ONE_OF",
      value: ["1e+21"],
      a: 1e21,
      is: true,
      because: "that is its string in JavaScript",
    },
    { operator: "ONE_OF", value: ["null"], a: null, is: false, because: "null is not a value" },
    { operator: "NOT_ONE_OF", value: ["x"], a: "y", is: true, because: "it is not listed" },
    { operator: "NOT_ONE_OF", value: [], a: "y", is: true, because: "nothing is listed" },
    { operator: "NOT_ONE_OF", value: ["x"], a: null, is: false, because: "null is not a value" },
    { operator: "MATCHES", value: "b+", a: "abbc", is: true, because: "it is not anchored" },
    { operator: "MATCHES", value: "^B", a: "b", is: false, because: "case matters" },
    {
      operator: "MATCHES",
      value: "^4\\.5$",
      a: 4.5,
      is: true,
      because: "numbers are converted to strings",
    },
    { operator: "NOT_MATCHES", value: "b", a: "a", is: true, because: "it is not found" },
    { operator: "NOT_MATCHES", value: "b", a: undefined, is: false, because: "there is no value" },
    { operator: "GTE", value: 18, a: 18, is: true, because: "equal is enough" },
    { operator: "GT", value: 18, a: 18, is: false, because: "equal is not enough" },
    { operator: "LTE", value: 18, a: 18, is: true, because: "equal is enough" },
    { operator: "LT", value: 18, a: 17.9, is: true, because: "it is less" },
    { operator: "GT", value: "9", a: "10", is: true, because: "strings are converted to numbers" },
    {
      operator: "GT",
      value: 15,
      a: "0x10",
      is: true,
      because: "hexadecimal strings are converted too",
    },
    { operator: "GTE", value: 0, a: " ", is: true, because: "a space is converted to zero" },
    { operator: "GTE", value: 1, a: true, is: true, because: "true is one" },
    { operator: "GTE", value: 0, a: "x", is: false, because: "it is not a number" },
    { operator: "LT", value: "x", a: 1, is: false, because: "the bound is not a number" },
    { operator: "LT", value: 1, a: null, is: false, because: "null is not zero here" },
    { operator: "GT", value: "1.2.3", a: "1.10.0", is: true, because: "versions are compared" },
    { operator: "GTE", value: "1.2.3", a: "v1.2.3", is: true, because: "a leading v is read" },
    { operator: "LT", value: "1.0.0", a: "1.0.0-a", is: true, because: "prereleases come first" },
    { operator: "GTE", value: "1.2.3", a: 2, is: false, because: "a number is not a version" },
    { operator: "GTE", value: "1.2", a: "1.2.3", is: false, because: "1.2 is a number" },
    { operator: "LIKE", value: "x", a: "x", is: false, because: "the operator is unknown" },
  ])("$operator $value is $is for $a, because $because", ({ operator, value, a, is }) => {
    expect(matches(operator, value, { a })).toBe(is);
  });

  it.each([
    { operator: "MATCHES", value: "(", because: "the pattern is broken" },
    { operator: "NOT_MATCHES", value: "(", because: "the pattern is broken" },
    { operator: "ONE_OF", value: "x", because: "the value is not a list" },
    { operator: "NOT_ONE_OF", value: null, because: "the value is not a list" },
  ])("$operator $value throws when reached, because $because", ({ operator, value }) => {
    expect(() => matches(operator, value, { a: "x" })).toThrow();
  });

  it.each(["MATCHES", "ONE_OF"])(
    "%s is false without the attribute, even if it is broken",
    (operator) => {
      expect(matches(operator, { "(": 1 }, {})).toBe(false);
    },
  );

  it("returns the same result each time, because its pattern has no state", () => {
    const rule = compileRule(ruleOf({ attribute: "a", operator: "MATCHES", value: "x" }), false);
    const subject = { key: "alice", attributes: { a: "x" } };
    expect([rule.matches(subject), rule.matches(subject)]).toEqual([true, true]);
  });
});

describe("a rule", () => {
  const alice = { key: "alice", attributes: { a: "x", b: "y" } };
  const isX: ConditionWire = { attribute: "a", operator: "ONE_OF", value: ["x"] };
  const isZ: ConditionWire = { attribute: "b", operator: "ONE_OF", value: ["z"] };
  const broken: ConditionWire = { attribute: "b", operator: "MATCHES", value: "(" };

  it.each([
    { conditions: [], is: true, because: "there are no conditions" },
    { conditions: [isX], is: true, because: "its only condition matches" },
    { conditions: [isX, isZ], is: false, because: "one condition does not match" },
  ])("is $is, because $because", ({ conditions, is }) => {
    expect(compileRule(ruleOf(...conditions), false).matches(alice)).toBe(is);
  });

  it("evaluates a broken condition after a false one", () => {
    expect(() => compileRule(ruleOf(isZ, broken), false).matches(alice)).toThrow(SyntaxError);
  });

  it("that is malformed throws when it is reached", () => {
    const error = new DecodeError("$", "expected an object");
    expect(() => compileRule(error, false).matches(alice)).toThrow(error);
  });
});

describe("a name in an obfuscated body", () => {
  it("is the MD5 of each operator, and of true", () => {
    expect([...OPERATOR_BY_HASH]).toEqual(
      OPERATORS.map((operator) => [md5Hex(operator), operator]),
    );
    expect(HASH_OF_TRUE).toBe(md5Hex("true"));
  });
});

describe("a hashed rule", () => {
  const base64 = (text: string): string => btoa(text);
  const hashed = (operator: string, value: unknown): boolean =>
    compileRule(
      ruleOf({ attribute: md5Hex("a"), operator: md5Hex(operator), value }),
      true,
    ).matches({ key: "alice", attributes: { [md5Hex("a")]: "5" } });

  it.each([
    { operator: "ONE_OF", value: [md5Hex("5")], is: true, because: "the hash is listed" },
    { operator: "ONE_OF", value: ["5"], is: false, because: "lists contain hashes" },
    { operator: "NOT_ONE_OF", value: [md5Hex("6")], is: true, because: "the hash is not listed" },
    { operator: "MATCHES", value: base64("^5$"), is: true, because: "the pattern is Base64" },
    { operator: "GTE", value: base64("5"), is: true, because: "the bound is Base64" },
    { operator: "IS_NULL", value: md5Hex("true"), is: false, because: "there is a value" },
    { operator: "IS_NULL", value: md5Hex("false"), is: true, because: "there is a value" },
    { operator: "LIKE", value: "x", is: false, because: "the operator is unknown" },
  ])("$operator $value is $is, because $because", ({ operator, value, is }) => {
    expect(hashed(operator, value)).toBe(is);
  });

  it("throws when reached if a value is not Base64", () => {
    expect(() => hashed("GTE", "Zm9vZ")).toThrow(RangeError);
  });
});
