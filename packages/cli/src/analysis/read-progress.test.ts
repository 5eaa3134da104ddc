import { PassThrough, Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import type { Io } from "../io.js";
import { createMessages } from "../messages.js";
import { ReadProgress } from "./read-progress.js";

function setUp({ isQuiet = false, isTTY = true } = {}) {
  let text = "";
  const stderr = new Writable({
    write(chunk, _, done) {
      text += String(chunk);
      done();
    },
  });
  const io: Io = {
    stdin: new PassThrough(),
    stdout: new PassThrough(),
    stderr: Object.assign(stderr, { isTTY }),
    env: { NO_COLOR: "1" },
  };
  const clock = { ms: 500 };
  const progress = new ReadProgress(io, isQuiet, () => clock.ms);
  return { clock, io, progress, text: () => text };
}

const CLEAR = "\r\u001b[K";

describe("ReadProgress", () => {
  it("shows nothing in the first two seconds", () => {
    const { clock, progress, text } = setUp();
    clock.ms += 1_999;
    progress.read(1_000, 0.1);
    progress.erase();
    expect(text()).toBe("");
  });

  it("shows rows, percentage, time left and rate after two seconds", () => {
    const { clock, progress, text } = setUp();
    clock.ms += 4_000;
    progress.read(1_000_000, 0.25);
    expect(text()).toBe(`${CLEAR}1,000,000 rows, 25%, 0:12 left, 250,000 rows/s`);
  });

  it("shows only rows, rate and counted errors if the size of the input is unknown", () => {
    const { clock, progress, text } = setUp();
    clock.ms += 2_000;
    progress.read(3_000, null, 2);
    expect(text()).toBe(`${CLEAR}3,000 rows, 1,500 rows/s, 2 with errors`);
  });

  it("redraws at most ten times a second", () => {
    const { clock, progress, text } = setUp();
    clock.ms += 2_000;
    for (let i = 0; i < 10; i++) {
      progress.step("testing");
      clock.ms += 50;
    }
    expect(text().split(CLEAR).length - 1).toBe(5);
  });

  it("erases its line before messages and at the end", () => {
    const { clock, io, progress, text } = setUp();
    clock.ms += 2_000;
    progress.step("testing");
    progress.over(createMessages(io)).warning("line 3: not JSON");
    progress.erase();
    expect(text()).toBe(`${CLEAR}testing${CLEAR}warning: line 3: not JSON\n`);
  });

  it.each([{ isQuiet: true }, { isTTY: false }])("shows nothing with %j", (options) => {
    const { clock, progress, text } = setUp(options);
    clock.ms += 60_000;
    progress.read(1_000, 0.1);
    progress.step("testing");
    progress.erase();
    expect(text()).toBe("");
  });
});
