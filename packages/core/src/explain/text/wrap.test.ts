import { describe, expect, it } from "vitest";
import { wrap } from "./wrap.js";

describe("wrap", () => {
  it.each([
    { text: "abc", width: 3, lines: ["abc"], because: "it fits" },
    { text: "", width: 3, lines: [""], because: "there is nothing to break" },
    { text: "ab cd", width: 4, lines: ["ab", "cd"], because: "words stay whole" },
    { text: "ab cd", width: 2, lines: ["ab", "cd"], because: "the space at the break is dropped" },
    { text: "abcdef", width: 4, lines: ["abcd", "ef"], because: "a long word has to break" },
    { text: "  abcdef", width: 4, lines: ["  ab", "cdef"], because: "indentation is kept" },
  ])("breaks $text into $lines, because $because", ({ text, width, lines }) => {
    expect(wrap(text, width)).toEqual(lines);
  });

  it("takes memory proportional to the length", () => {
    const text = "[10, 20) or ".repeat(200_000);
    const before = process.memoryUsage().heapUsed;
    const lines = wrap(text, 100, 2);
    // 2.4 MB in 25,000 lines. It would take 30 GB if each line retained the rest of the string.
    expect(lines.length).toBeGreaterThan(20_000);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(50e6);
  });

  it("indents all lines but the first", () => {
    expect(wrap("aa bb cc", 5, 2)).toEqual(["aa bb", "  cc"]);
  });
});
