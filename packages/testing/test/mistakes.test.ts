import { expect, it, vi } from "vitest";
import { fakeClock, testFlags } from "../src/index.js";

it("a flag whose builder has no calls is reported when it is read, until it has one", () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const flags = testFlags();
  const flag = flags.boolean("new-ui");
  flags.client().getBooleanAssignment("new-ui", "alice", {}, false);
  flags.client().getBooleanAssignment("another", "alice", {}, false);
  expect(warn.mock.calls.flat().map(String)).toEqual([
    expect.stringContaining('flags.boolean("new-ui") has no effect: add .on() to it'),
  ]);
  flag.missing();
  flags.client().getBooleanAssignment("new-ui", "alice", {}, false);
  expect(warn).toHaveBeenCalledTimes(1);
});

it.each(["5s", undefined, Number.NaN])("a fake clock refuses to move by %j", async (ms) => {
  const clock = fakeClock();
  await expect(clock.advance(ms as never)).rejects.toThrow("advance(): expected milliseconds");
  expect(() => clock.jump(ms as never)).toThrow("jump(): expected milliseconds");
  clock.setTimer(() => {}, 10, { holdsProcess: false });
  await clock.advance(5);
  expect(clock.pending).toEqual([{ inMs: 5, holdsProcess: false }]);
});
