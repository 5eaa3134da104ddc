import { describe, expect, it } from "vitest";
import { jsonText } from "./json-text.js";

describe("the JSON text of a parsed value", () => {
  it.each([
    "null",
    "-0",
    "[-1e999,1e999,{}]",
    "1e+21",
    '{"a":[true,"\\"",{"__proto__":5e-324}],"2":-0}',
  ])("parses to the same value for %s", (text) => {
    const value: unknown = JSON.parse(text);
    expect(JSON.parse(jsonText(value))).toStrictEqual(value);
  });
});
