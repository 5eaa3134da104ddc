import { describe, expect, it } from "vitest";
import { isBlank, LineSplitter } from "./lines.js";

function linesOf(chunks: readonly (string | Buffer)[], maxBytes?: number): string[] {
  const splitter = new LineSplitter(maxBytes);
  const lines = chunks.flatMap((chunk) => [...splitter.push(Buffer.from(chunk))]);
  const last = splitter.end();
  return [...lines, ...(last === null ? [] : [last])].map((line) => line.toString());
}

describe("LineSplitter", () => {
  it.each([
    { chunks: [], lines: [], because: "empty input has no lines" },
    { chunks: ["a\n"], lines: ["a"], because: "a line feed ends a line and does not start one" },
    { chunks: ["a"], lines: ["a"], because: "the last line needs no line feed" },
    { chunks: ["a\r\nb\r\n"], lines: ["a", "b"], because: "CR LF ends a line too" },
    { chunks: ["a\r\r\n"], lines: ["a\r"], because: "one CR belongs to the line feed" },
    { chunks: ["a\rb\n"], lines: ["a\rb"], because: "CR alone is data" },
    { chunks: ["\n\na\n"], lines: ["", "", "a"], because: "empty lines are lines" },
    { chunks: ["a\r", "\nb"], lines: ["a", "b"], because: "CR LF may be split between chunks" },
    {
      chunks: ["a", "b", "\nc", "\n"],
      lines: ["ab", "c"],
      because: "a line may span several chunks",
    },
    {
      chunks: ["a\u2028b\u2029c\u0085d\u000be\u000cf\n"],
      lines: ["a\u2028b\u2029c\u0085d\u000be\u000cf"],
      because: "other separators are data",
    },
  ])("splits $chunks into $lines: $because", ({ chunks, lines }) => {
    expect(linesOf(chunks)).toEqual(lines);
  });

  it("returns the same lines wherever the bytes are split", () => {
    const bytes = Buffer.from('{"é":"😀"}\r\n\n[1]\n\u2028\r\nlast');
    for (let size = 1; size <= bytes.length; size += 1) {
      const chunks: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
      expect(linesOf(chunks)).toEqual(['{"é":"😀"}', "", "[1]", "\u2028", "last"]);
    }
  });
});

describe("LineSplitter with a limit", () => {
  it.each([
    { input: "abc\nd\n", lines: ["abc", "d"], because: "the limit is inclusive" },
    { input: "abcd\ne\n", lines: ["too-long", "e"], because: "the next line is read as usual" },
    { input: "abc\r\nabcd\r\n", lines: ["abc", "too-long"], because: "the limit excludes CR LF" },
    { input: "abcdefgh", lines: ["too-long"], because: "the last line needs no line feed" },
    {
      input: "éa\néé\n",
      lines: ["éa", "too-long"],
      because: "the limit is in bytes, not characters",
    },
    {
      input: "abcdef\n\nab",
      lines: ["too-long", "", "ab"],
      because: "the limit applies to each line",
    },
  ])("splits $input into $lines, because $because", ({ input, lines }) => {
    const bytes = Buffer.from(input);
    for (let size = 1; size <= bytes.length; size += 1) {
      const chunks: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
      expect(linesOf(chunks, 3)).toEqual(lines);
    }
  });
});

describe("isBlank", () => {
  it.each(["", " ", "\t \r"])("returns true for %j", (line) => {
    expect(isBlank(Buffer.from(line))).toBe(true);
  });

  it.each(["0", " {}", "\u00a0", "\ufeff"])("returns false for %j", (line) => {
    expect(isBlank(Buffer.from(line))).toBe(false);
  });
});
