import { describe, expect, it } from "vitest";
import { firstSentenceOf } from "../scripts/llms.mjs";

describe("firstSentenceOf", () => {
  it.each([
    ["# T\n\nRead [flags](a.md) in\nNode 20.19. Then more.\n", "Read flags in Node 20.19."],
    ["# T\n\n![a](b.svg)\n\n| a |\n|---|\n\nUse `x`: it works.\n", "Use `x`: it works."],
    ["# T\n\n<!-- written: a -->\nNot this.\n<!-- end -->\n\nRun this:\n", "Run this."],
    ["# T\n\n```sh\n\nnot this\n```\n\nReads `a.b`. Writes\n", "Reads `a.b`."],
    ["# T\n", ""],
  ])("of %j returns %j", (page, sentence) => {
    expect(firstSentenceOf(page)).toBe(sentence);
  });
});
