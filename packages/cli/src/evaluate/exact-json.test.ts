import { describe, expect, it } from "vitest";
import { isRoundedInteger, parseExactly } from "./exact-json.js";

describe("parseExactly", () => {
  it.each([
    { text: "9007199254740993", value: 9007199254740993n, because: "a number would round it" },
    {
      text: "-9223372036854775808",
      value: -9223372036854775808n,
      because: "a number would round it",
    },
    { text: "9007199254740992", value: 2 ** 53, because: "a number has the same digits" },
    {
      text: "12345678901234567000",
      value: 12345678901234567000,
      because: "a number has the same digits",
    },
    { text: "1e400", value: Number.POSITIVE_INFINITY, because: "it is a decimal" },
    { text: "0.12345678901234567890", value: 0.12345678901234568, because: "it is a decimal" },
    { text: "1e17", value: 10n ** 17n, because: "a number has other digits" },
    { text: "7.000000000000001e+18", value: 7000000000000001024n, because: "a float was rounded" },
    { text: "1.0", value: 1, because: "it is exact" },
    { text: "1.5e+3", value: 1500, because: "it is exact" },
  ])("reads $text as $value because $because", ({ text, value }) => {
    expect(parseExactly(text)).toBe(value);
    expect(parseExactly(`{"a":[{"b":${text}}],"c":1}`)).toEqual({ a: [{ b: value }], c: 1 });
  });

  it("leaves digits in strings and names alone", () => {
    const text = String.raw`{"9007199254740993":"9007199254740993","a\"9007199254740993":"\\","n":9007199254740993}`;
    const { n, ...others } = parseExactly(text) as Record<string, unknown>;
    expect(n).toBe(9007199254740993n);
    const { n: _, ...expected } = JSON.parse(text);
    expect(others).toEqual(expected);
  });

  it("throws the error of JSON.parse", () => {
    expect(() => parseExactly("{9007199254740993}")).toThrow(SyntaxError);
  });
});

describe("isRoundedInteger", () => {
  it.each([
    { text: "007", isRounded: false },
    { text: "-0", isRounded: false },
    { text: "9007199254740993", isRounded: true },
    { text: "0009007199254740993", isRounded: true },
    { text: "9007199254740993.5", isRounded: true },
    { text: "7E18", isRounded: true },
    { text: "1.5", isRounded: false },
    { text: "1e3", isRounded: false },
  ])("is $isRounded for $text", ({ isRounded, text }) => {
    expect(isRoundedInteger(text)).toBe(isRounded);
  });
});
