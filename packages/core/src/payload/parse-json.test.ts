import { describe, expect, it } from "vitest";
import { parseJson } from "./parse-json.js";

describe("parseJson", () => {
  it.each([
    { text: "# flags\nflags:\n  a: 1\n", says: "$: expected JSON, got YAML: write JSON" },
    {
      text: Buffer.from('\ufeff{"flags":{}}', "utf16le"),
      says: "$: expected UTF-8, got UTF-16: convert it with iconv -f utf-16 -t utf-8",
    },
    { text: "---\na: 1\n", says: "$: expected JSON, got YAML: write JSON" },
    { text: "flags:\n- a\n", says: "$: expected JSON, got YAML: write JSON" },
    { text: "error: no such key\n", says: /^\$: expected JSON: .*… is not valid JSON$/ },
    { text: '{"secret": 1', says: /^\$: expected JSON: (?!.*secret)/ },
  ])("throws $says for $text", ({ says, text }) => {
    expect(() => parseJson(text, "$")).toThrow(says);
  });
});
