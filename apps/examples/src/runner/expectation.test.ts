import { describe, expect, it } from "vitest";
import { differenceOf, differencesOf, readExpectation } from "./expectation.js";

describe("readExpectation", () => {
  it("reads lines and pages from the comment at the end", () => {
    const source = [
      "run();",
      "",
      "// Prints:",
      "//   listening on …",
      "//     indented",
      "// GET /a?b=c",
      '//   {"d":1}',
      "// GET 100 × /e?f=#",
      "//   #",
      "",
    ].join("\n");
    expect(readExpectation(source)).toEqual({
      env: {},
      prints: ["listening on …", "  indented"],
      visits: [
        { path: "/a?b=c", body: '{"d":1}', count: 1 },
        { path: "/e?f=#", body: "#", count: 100 },
      ],
    });
  });

  it("reads environment variables from its first line", () => {
    expect(readExpectation("// Prints, with KEY=a=b PORT=0:\n//   b\n")).toEqual({
      env: { KEY: "a=b", PORT: "0" },
      prints: ["b"],
      visits: [],
    });
  });

  it.each([
    { source: "run();\n", because: "there is no such comment" },
    { source: "// Prints:\n", because: "it is empty" },
    { source: "// Prints:\n//   a\nrun();\n", because: "code follows" },
  ])("rejects a source, because $because", ({ source }) => {
    expect(() => readExpectation(source)).toThrow();
  });
});

describe("differenceOf", () => {
  it.each([
    { pattern: "a (b) …", text: "a (b) c", isSame: true, because: "… matches any characters" },
    { pattern: "…", text: "", isSame: true, because: "… matches nothing, too" },
    { pattern: "a.c", text: "abc", isSame: false, because: "a dot only matches a dot" },
    { pattern: "a", text: "ab", isSame: false, because: "the whole string has to match" },
  ])(
    "for $pattern and $text, finds no difference: $isSame, because $because",
    ({ pattern, text, isSame }) => {
      expect(differenceOf(pattern, text) === null).toBe(isSame);
    },
  );
});

describe("differencesOf", () => {
  it.each([
    { expected: ["a", "b"], printed: "a\nb\n", differences: [] },
    { expected: ["a"], printed: "a\nb\n", differences: ['line 2: unexpected "b"'] },
    { expected: ["a", "b"], printed: "a\n", differences: ['line 2: missing "b"'] },
    { expected: ["a"], printed: "", differences: ['line 1: missing "a"'] },
    { expected: ["a"], printed: "c\n", differences: ['line 1: expected "a", got "c"'] },
  ])("for $expected and $printed returns $differences", ({ expected, printed, differences }) => {
    expect(differencesOf(expected, printed)).toEqual(differences);
  });
});
