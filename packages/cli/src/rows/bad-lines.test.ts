import { describe, expect, it } from "vitest";
import { BadLines } from "./bad-lines.js";

/** Returns the messages about bad lines that were recorded. */
function written(...parts: readonly ((notes: BadLines) => void)[]): string[] {
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  const limits = { isTooManyBad: () => false, allowsEmpty: false, isPart: false };
  const bad = new BadLines({ error: write, warning: write, plain: write }, limits);
  for (const note of parts) note(bad);
  bad.finish();
  return lines;
}

const SECONDS = "timestamp: expected epoch milliseconds, but the unit is seconds";

describe("BadLines", () => {
  it("lists up to ten lines", () => {
    const lines = written((notes) => {
      for (let line = 1; line <= 10; line++) notes.note({ file: null, line }, SECONDS);
    });
    expect(lines).toEqual(lines.map((_, i) => `line ${i + 1}: ${SECONDS}`));
    expect(lines).toHaveLength(10);
  });

  it("counts further lines by problem, without values", () => {
    const lines = written(
      (notes) => {
        for (let line = 1; line <= 6; line++)
          notes.note({ file: null, line }, `subject: expected a key, got ${line}`);
      },
      (notes) => {
        for (let line = 7; line <= 100; line++) notes.note({ file: null, line }, SECONDS);
        notes.note({ file: null, line: 101 }, 'timestamp: not a time: "yesterday"');
        notes.note({ file: null, line: 102 }, 'timestamp: not a time: "today, got it"');
      },
    );
    expect(lines.slice(0, 10).map((line) => line.split(":")[0])).toEqual(
      Array.from({ length: 10 }, (_, i) => `line ${i + 1}`),
    );
    expect(lines.slice(10)).toEqual([
      "102 lines could not be read",
      `  94 ${SECONDS}`,
      "  6 subject: expected a key",
      "  2 timestamp: not a time",
    ]);
  });

  it("lists each shape once", () => {
    const note = (notes: BadLines): void => {
      for (let line = 1; line <= 20; line++)
        notes.noteShape({ file: null, line }, "row: no known export");
    };
    expect(written(note, note)).toEqual(["line 1: row: no known export (40 lines)"]);
    expect(
      written((notes) => notes.noteShape({ file: null, line: 3 }, "row: no known export")),
    ).toEqual(["line 3: row: no known export"]);
  });

  it("lists the first ten shapes and counts the others", () => {
    const lines = written((notes) => {
      for (let line = 1; line <= 40; line++)
        notes.noteShape({ file: null, line }, `row: columns ${line % 20}`);
    });
    expect(lines.slice(0, 10)).toEqual(
      Array.from({ length: 10 }, (_, i) => `line ${i + 1}: row: columns ${i + 1} (2 lines)`),
    );
    expect(lines[10]).toBe("20 lines could not be read");
    expect(lines).toHaveLength(21);
  });

  it("counts rare problems together if there are too many different ones", () => {
    const lines = written((notes) => {
      for (let line = 1; line <= 200; line++)
        notes.note({ file: null, line }, `column-${line}: unknown`);
    });
    expect(lines).toHaveLength(10 + 1 + 51);
    expect(lines).toContain("  150 (others)");
  });
});
