import { describe, expect, it } from "vitest";
import type { Steps } from "../model/steps.js";
import { createClock } from "./clock.js";
import { runAtOnce, runInSlices, runWhenIdle } from "./slices.js";

/** Work that takes this many steps and returns their number. */
function* count(steps: number): Steps<number> {
  for (let i = 0; i < steps; i++) yield;
  return steps;
}

/** A clock that advances by `lookMs` each time it is read. */
function setUp(lookMs: number) {
  let nowMs = 0;
  const yields: number[] = [];
  const timers: { callback: () => void; delayMs: number; holdsProcess: boolean }[] = [];
  const clock = createClock({
    monotonicMs: () => {
      nowMs += lookMs;
      return nowMs;
    },
    yieldNow: async () => void yields.push(nowMs),
    setTimer: (callback, delayMs, { holdsProcess }) => {
      const timer = { callback, delayMs, holdsProcess };
      timers.push(timer);
      return () => void timers.splice(timers.indexOf(timer), 1);
    },
  });
  return { clock, yields, timers };
}

describe("runAtOnce", () => {
  it("returns the result of the work", () => {
    expect(runAtOnce(count(3))).toBe(3);
  });
});

describe("runInSlices", () => {
  it.each([
    { lookMs: 0, yields: 0, because: "no time passes" },
    { lookMs: 0.1, yields: 3, because: "a slice takes half a millisecond" },
    { lookMs: 1, yields: 11, because: "each step takes longer than a slice" },
  ])("yields $yields times, because $because", async ({ lookMs, yields }) => {
    const { clock, yields: seen } = setUp(lookMs);
    expect(await runInSlices(count(10), clock)).toBe(10);
    expect(seen).toHaveLength(yields);
  });

  it("rejects with the error of the work", async () => {
    const failing = function* (): Steps<void> {
      yield;
      throw new Error("no");
    };
    await expect(runInSlices(failing(), createClock())).rejects.toThrow("no");
  });
});

/** `runWhenIdle` starts in a later turn. */
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

const rethrow = (cause: unknown): never => {
  throw cause;
};

describe("runWhenIdle", () => {
  const noResult = function* (steps: number): Steps<void> {
    yield* count(steps);
  };

  it("starts after code that awaits a promise of the same turn has continued", async () => {
    const { clock, yields } = setUp(1);
    const init = async (): Promise<string> => {
      runWhenIdle(noResult(3), clock, () => {}, rethrow);
      await Promise.resolve();
      return "client";
    };
    await init();
    expect(yields).toHaveLength(0);
    await nextTurn();
    expect(yields).toHaveLength(1);
  });

  it("runs one slice per timer, and no timer keeps the process alive", async () => {
    const { clock, timers } = setUp(1);
    let isDone = false;
    const done = (): void => {
      isDone = true;
    };
    runWhenIdle(noResult(3), clock, done, rethrow);
    await nextTurn();
    let slices = 0;
    for (let timer = timers.shift(); timer !== undefined; timer = timers.shift()) {
      expect(timer.holdsProcess).toBe(false);
      timer.callback();
      slices += 1;
    }
    expect([slices, isDone]).toEqual([4, true]);
  });

  it.each(["the work", "its end"])(
    "passes on an error thrown by %s, and stops",
    async (thrower) => {
      const { clock, timers } = setUp(1);
      const fail = (): never => {
        throw new Error("no");
      };
      const failing = function* (): Steps<void> {
        if (thrower === "the work") fail();
        yield;
      };
      const caught: unknown[] = [];
      runWhenIdle(failing(), clock, fail, (cause) => void caught.push(cause));
      await nextTurn();
      for (let timer = timers.shift(); timer; timer = timers.shift()) timer.callback();
      expect(caught).toEqual([new Error("no")]);
      expect(timers).toEqual([]);
    },
  );

  it("starts after the current turn, whose work need not wait for a timer or an immediate", async () => {
    const { clock, timers, yields } = setUp(1);
    runWhenIdle(noResult(3), clock, () => {}, rethrow);
    expect([timers.length, yields.length]).toEqual([0, 0]);
    await nextTurn();
    expect(timers).toHaveLength(1);
  });

  it("can be ended before it starts", async () => {
    const { clock, timers } = setUp(1);
    runWhenIdle(noResult(3), clock, () => {}, rethrow)();
    await nextTurn();
    expect(timers).toEqual([]);
  });

  it("can be ended early", async () => {
    const { clock, timers } = setUp(1);
    const cancel = runWhenIdle(noResult(3), clock, () => {}, rethrow);
    await nextTurn();
    timers.shift()?.callback();
    cancel();
    expect(timers).toEqual([]);
  });
});
