import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import type { Output } from "../io.js";
import { Progress } from "./progress.js";

function terminal(isTTY: boolean): { output: Output; text: () => string } {
  let text = "";
  const stream = new Writable({
    write(chunk, _, done) {
      text += String(chunk);
      done();
    },
  });
  return { output: Object.assign(stream, { isTTY }), text: () => text };
}

function run(isTTY: { stdout: boolean; stderr: boolean }, isQuiet: boolean): string {
  const stderr = terminal(isTTY.stderr);
  const stdout = terminal(isTTY.stdout).output;
  const io = { stdin: process.stdin, stdout, stderr: stderr.output, env: {} };
  const progress = new Progress(io, isQuiet);
  progress.note({ lines: 2, failed: 1, readPart: null });
  progress.draw();
  progress.makeWay();
  progress.finish();
  return stderr.text();
}

const NUMBERS = "2 lines, [\\d,]+ lines/s, 1 with errors";
const CLEAR = "\\r\\u001b\\[K";

describe("Progress", () => {
  it("redraws the count in place on a terminal", () => {
    const text = run({ stdout: false, stderr: true }, false);
    expect(text).toMatch(new RegExp(`^${CLEAR}${NUMBERS}${CLEAR}${NUMBERS}\\n$`));
  });

  it("erases the count before results on the same terminal", () => {
    const text = run({ stdout: true, stderr: true }, false);
    expect(text).toMatch(new RegExp(`^${CLEAR}${NUMBERS}${CLEAR}${CLEAR}${NUMBERS}\\n$`));
  });

  it.each([
    { stderr: false, isQuiet: false, because: "stderr is not a terminal" },
    { stderr: true, isQuiet: true, because: "progress is disabled" },
  ])("writes nothing when $because", ({ stderr, isQuiet }) => {
    expect(run({ stdout: false, stderr }, isQuiet)).toBe("");
  });

  it("shows the percentage and the time left if the size is known, until everything is read", () => {
    const stderr = terminal(true);
    const io = {
      stdin: process.stdin,
      stdout: terminal(false).output,
      stderr: stderr.output,
      env: {},
    };
    const progress = new Progress(io, false);
    progress.note({ lines: 1, failed: 0, readPart: 0.345 });
    progress.draw();
    expect(stderr.text()).toMatch(/1 line, 34%, \d+:\d\d left, [\d,]+ lines\/s/);
    progress.note({ lines: 1, failed: 0, readPart: 1 });
    progress.finish();
    expect(stderr.text()).toMatch(/1 line, [\d,]+ lines\/s, 0 with errors\n$/);
  });
});
