import { afterEach, describe, expect, it } from "vitest";
import { createClock } from "./clock.js";

describe("createClock", () => {
  it("uses the given parts, and the real clock for the others", () => {
    const clock = createClock({ now: () => 5 });
    expect([clock.now(), clock.monotonicMs() > 0]).toEqual([5, true]);
  });

  it("calls a part with its own object as this", () => {
    class Mine {
      readonly time = 7;
      now(): number {
        return this.time;
      }
    }
    expect(createClock(new Mine()).now()).toBe(7);
  });

  it.each([
    { now: () => Number.NaN, because: "it is not a number" },
    { now: () => Number.POSITIVE_INFINITY, because: "it is infinite" },
    { now: () => 8.65e15, because: "it is beyond all dates" },
    { now: () => undefined as never, because: "it is undefined" },
    {
      now: () => {
        throw new Error("no");
      },
      because: "it throws",
    },
  ])("ignores a time, because $because", ({ now }) => {
    const beforeMs = Date.now();
    const nowMs = createClock({ now }).now();
    expect(nowMs).toBeGreaterThanOrEqual(beforeMs);
    expect(nowMs).toBeLessThanOrEqual(Date.now());
  });

  it("reads the host's clock on each use, not when it is created", () => {
    const clock = createClock();
    const { now } = Date;
    Date.now = () => 9;
    try {
      expect(clock.now()).toBe(9);
    } finally {
      Date.now = now;
    }
  });

  it("sets a real timer if the given one throws", async () => {
    const clock = createClock({
      setTimer() {
        throw new Error("no");
      },
    });
    await new Promise<void>((resolve) => {
      clock.setTimer(resolve, 1, { holdsProcess: true });
    });
  });

  it.each([
    { what: "returns nothing", result: undefined },
    { what: "returns what setTimeout does", result: { unref() {} } },
    {
      what: "returns a function that throws",
      result: () => {
        throw new Error("no");
      },
    },
  ])("cancels a timer where the given function $what", ({ result }) => {
    const calls: (() => void)[] = [];
    const clock = createClock({
      setTimer(callback) {
        calls.push(callback);
        return result as () => void;
      },
    });
    const fired: string[] = [];
    const cancel = clock.setTimer(() => fired.push("cancelled"), 1, { holdsProcess: false });
    clock.setTimer(() => fired.push("other"), 1, { holdsProcess: false });
    expect(cancel).not.toThrow();
    for (const call of calls) call();
    expect(fired).toEqual(["other"]);
  });

  it.each([
    () => Promise.reject(new Error("no")),
    () => {
      throw new Error("no");
    },
  ])("yields even if the given function fails", async (yieldNow) => {
    await expect(createClock({ yieldNow }).yieldNow()).resolves.toBeUndefined();
  });

  it("waits for as long as the host can, if the delay is longer", async () => {
    let hasFired = false;
    const clock = createClock();
    const cancel = clock.setTimer(
      () => {
        hasFired = true;
      },
      2 ** 31,
      { holdsProcess: false },
    );
    await clock.yieldNow();
    await new Promise<void>((resolve) => {
      clock.setTimer(resolve, 20, { holdsProcess: true });
    });
    cancel();
    expect(hasFired).toBe(false);
  });

  describe("yieldNow", () => {
    const GLOBALS = ["setImmediate", "MessageChannel", "setTimeout"] as const;
    const originals = GLOBALS.map((name) => [name, globalThis[name]] as const);
    afterEach(() => {
      for (const [name, original] of originals) Object.assign(globalThis, { [name]: original });
    });

    it.each([
      { missing: [], by: "setImmediate" },
      { missing: ["setImmediate"], by: "MessageChannel" },
      { missing: ["setImmediate", "MessageChannel"], by: "setTimeout" },
      { missing: GLOBALS, by: "nothing" },
    ])("uses $by on a host without $missing", async ({ missing, by }) => {
      const { setImmediate } = globalThis;
      const used: string[] = [];
      for (const [name, original] of originals) {
        const observed = new Proxy(original, {
          apply(target, self, args) {
            used.push(name);
            return Reflect.apply(target, self, args);
          },
          construct(target, args) {
            used.push(name);
            return Reflect.construct(target, args);
          },
        });
        const value = (missing as readonly string[]).includes(name) ? undefined : observed;
        Object.assign(globalThis, { [name]: value });
      }
      let haveOthersRun = false;
      setImmediate(() => {
        haveOthersRun = true;
      });
      await createClock().yieldNow();
      expect(used[0] ?? "nothing").toBe(by);
      if (by === "setImmediate") expect(haveOthersRun).toBe(true);
    });
  });

  it("reads a monotonic clock even without process", () => {
    const { process } = globalThis;
    try {
      Object.assign(globalThis, { process: undefined });
      const clock = createClock();
      const startedAtMs = clock.monotonicMs();
      expect(clock.monotonicMs()).toBeGreaterThanOrEqual(startedAtMs);
    } finally {
      Object.assign(globalThis, { process });
    }
  });

  it("yields with the given timer", async () => {
    const delays: number[] = [];
    await createClock({
      setTimer: (callback, delayMs) => {
        delays.push(delayMs);
        callback();
        return () => {};
      },
    }).yieldNow();
    expect(delays).toEqual([0]);
  });
});
