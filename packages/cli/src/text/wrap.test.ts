import { describe, expect, it } from "vitest";
import { wrap } from "./wrap.js";

describe("wrap", () => {
  it.each([
    { text: "abc", width: 3, lines: ["abc"], because: "it fits" },
    { text: "", width: 3, lines: [""], because: "there is nothing to break" },
    { text: "ab cd", width: 4, lines: ["ab", "cd"], because: "words stay whole" },
    { text: "ab cd", width: 2, lines: ["ab", "cd"], because: "the blank is not needed" },
    { text: "abcdef", width: 4, lines: ["abcd", "ef"], because: "a long word has to break" },
    { text: "  abcdef", width: 4, lines: ["  ab", "cdef"], because: "indentation is kept" },
  ])("makes $lines of $text, because $because", ({ text, width, lines }) => {
    expect(wrap(text, width)).toEqual(lines);
  });

  it("indents all lines but the first", () => {
    expect(wrap("aa bb cc", 5, 2)).toEqual(["aa bb", "  cc"]);
  });
});
