import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Frame } from "../../src/exceptions/frame.js";
import { SourceLines } from "../../src/exceptions/source-lines.js";

const LARGE_FILE_LINES = 200_000;
const SMALL_FILE_LINES = 100;

let folder: string;
let largeFile: string;
let smallFile: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sortition-source-lines-"));
  largeFile = join(folder, "large.js");
  smallFile = join(folder, "small.js");
  await writeFile(largeFile, numberedLines(LARGE_FILE_LINES));
  await writeFile(smallFile, numberedLines(SMALL_FILE_LINES));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("errors that are captured in sequence without waiting", () => {
  it("have their lines in the order of the calls, even if the first lines take longer to read", async () => {
    const sources = new SourceLines();
    const finished: string[] = [];
    await Promise.all([
      sources.addTo([frame(largeFile, 10)]).then(() => finished.push("large")),
      sources.addTo([frame(smallFile, 10)]).then(() => finished.push("small")),
    ]);
    expect(finished).toEqual(["large", "small"]);
  });

  it("have their own lines of a shared file", async () => {
    const sources = new SourceLines();
    const [first, second] = [frame(smallFile, 10), frame(smallFile, 50)];
    await Promise.all([
      sources.addTo([frame(largeFile, 10), first]),
      sources.addTo([frame(largeFile, 50), second]),
    ]);
    expect([first.context_line, second.context_line]).toEqual(["line 10", "line 50"]);
  });
});

function numberedLines(count: number): string {
  return Array.from({ length: count }, (_, i) => `line ${i + 1}\n`).join("");
}

function frame(filename: string, lineno: number): Frame {
  return {
    filename,
    lineno,
    module: undefined,
    function: "f",
    colno: 1,
    in_app: true,
    platform: "node:javascript",
  };
}
