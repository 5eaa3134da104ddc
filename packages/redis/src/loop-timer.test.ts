import { createClock } from "@sortition/core/internal";
import { createFakeClock } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { setLoopTimer } from "./loop-timer.js";

/** Blocks the event loop without using processor time. */
function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

describe("setLoopTimer", () => {
  it("calls back after the delay, and does not keep the process alive", async () => {
    const clock = createFakeClock();
    let calls = 0;
    setLoopTimer(clock, () => (calls += 1), 1_000);
    expect(clock.pending.map(({ holdsProcess }) => holdsProcess)).toEqual([false]);
    await clock.advance(999);
    expect(calls).toBe(0);
    await clock.advance(2);
    expect([calls, clock.pending]).toEqual([1, []]);
  });

  it("counts at most a tenth of the delay while the event loop is blocked", async () => {
    const startedAtMs = performance.now();
    const calledAtMs = await new Promise<number>((resolve) => {
      setLoopTimer(createClock(), () => resolve(performance.now()), 200);
      block(400);
    });
    expect(calledAtMs - startedAtMs).toBeGreaterThan(400 + 0.9 * 200 - 10);
  });

  it("calls back one turn after its last part, so that data that has arrived is read first", async () => {
    let endTurn = (): void => {};
    const turn = new Promise<void>((resolve) => {
      endTurn = resolve;
    });
    const clock = { ...createFakeClock(), yieldNow: () => turn };
    let calls = 0;
    setLoopTimer(clock, () => (calls += 1), 1_000);
    await clock.advance(1_001);
    expect([calls, clock.pending]).toEqual([0, []]);
    endTurn();
    await turn;
    await Promise.resolve();
    expect(calls).toBe(1);
  });

  it("can be cancelled at any time, even in the turn before the call", async () => {
    const clock = createFakeClock();
    let calls = 0;
    const cancels = [0, 500, 1_000].map((atMs) => ({
      atMs,
      cancel: setLoopTimer(clock, () => (calls += 1), 1_000),
    }));
    for (const { atMs, cancel } of cancels) clock.setTimer(cancel, atMs, { holdsProcess: false });
    await clock.advance(2_000);
    expect([calls, clock.pending]).toEqual([0, []]);
  });
});
