import { expect, it, vi } from "vitest";
import { fakeClock, gte, split, testFlags } from "../src/index.js";
import { type FlagServer, flagServer } from "../src/server.js";

it.each<[() => unknown, string]>([
  [() => testFlags("growthbook" as never), "got a string: write testFlags({ dialect"],
  [() => testFlags({ flags: { "new-ui": true } } as never), 'flags.boolean("new-ui").on()'],
  [() => testFlags().fail("timeout" as never), "expected a status from 200 to 599"],
  [
    () => Reflect.apply(testFlags().boolean("a").on, testFlags().boolean("a"), [false]),
    "write off()",
  ],
  [
    () =>
      testFlags()
        .boolean("a")
        .when(gte(2) as never),
    "write when({ attributeName: test })",
  ],
  [
    () =>
      testFlags()
        .boolean("a")
        .when("plan-type" as never),
    'when({ "plan-type": value })',
  ],
  [() => testFlags().integer("a").variations(1.5), "write flags.number(…)"],
  [
    () => (flagServer({ flags: testFlags() }) as never as FlagServer).url,
    "write `await flagServer(…)` before url",
  ],
])("a call of another form is refused with what to write: %#", (call, message) => {
  expect(call).toThrow(message);
});

it("shares that add up to 1 are probably meant as 100 percent", () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  split({ x: 1, y: 0 });
  split({ "x-1": 0.5, y: 0.5 });
  expect(warn.mock.calls.flat().map(String)).toEqual([
    expect.stringContaining('write split({ "x-1": 50, y: 50 })'),
  ]);
  warn.mockRestore();
});

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
