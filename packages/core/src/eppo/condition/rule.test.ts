import { describe, expect, it } from "vitest";
import { md5Hex } from "../../hash/md5.js";
import { OPERATORS } from "../decode.js";
import { compileRule, HASH_OF_TRUE, OPERATOR_BY_HASH } from "./rule.js";

// The operators are compared with the vendor's SDK: packages/eppo/test/dialect/differential.test.ts.

describe("a condition", () => {
  it("returns the same result each time, because its pattern has no state", () => {
    const conditions = [{ attribute: "a", operator: "MATCHES", value: "x" }];
    const rule = compileRule({ wire: {}, conditions }, false);
    const subject = { key: "alice", attributes: { a: "x" } };
    expect([rule.matches(subject), rule.matches(subject)]).toEqual([true, true]);
  });
});

describe("a value in an obfuscated body", () => {
  it.each(["GTE", "MATCHES", "NOT_MATCHES"])("of %s must be a Base64 string", (operator) => {
    for (const value of [5, null, true, ["NQ=="], undefined]) {
      const conditions = [{ attribute: md5Hex("a"), operator: md5Hex(operator), value }];
      const rule = compileRule({ wire: {}, conditions }, true);
      expect(rule.matches({ key: "alice", attributes: {} })).toBe(false);
      expect(() => rule.matches({ key: "alice", attributes: { [md5Hex("a")]: 6 } })).toThrow(
        `${operator} needs a Base64 string`,
      );
    }
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
