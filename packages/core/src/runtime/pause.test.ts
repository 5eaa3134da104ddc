import { createFakeClock, signalListeners } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { holdProcess, pause } from "./pause.js";

/** Whether a promise has already settled. */
async function hasSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol("pending");
  return (await Promise.race([promise, Promise.resolve(pending)])) !== pending;
}

describe("pause", () => {
  it("ends after its time", async () => {
    const clock = createFakeClock();
    const pausing = pause(clock, 100, { holdsProcess: true });
    expect(clock.pending).toEqual([{ inMs: 100, holdsProcess: true }]);
    await clock.advance(99);
    expect(await hasSettled(pausing)).toBe(false);
    await clock.advance(1);
    expect(await hasSettled(pausing)).toBe(true);
  });

  it("ends when the signal is aborted, and leaves neither timer nor listener", async () => {
    const clock = createFakeClock();
    const controller = new AbortController();
    const { signal } = controller;
    const pausing = pause(clock, 100, { signal, holdsProcess: false });
    expect(signalListeners(signal)).toBe(1);
    controller.abort();
    await pausing;
    expect(clock.pending).toEqual([]);
    expect(signalListeners(signal)).toBe(0);
  });

  it("does not begin when the signal is already aborted", async () => {
    const clock = createFakeClock();
    const signal = AbortSignal.abort();
    await pause(clock, 100, { signal, holdsProcess: false });
    expect(clock.pending).toEqual([]);
  });
});

describe("holdProcess", () => {
  it("keeps the process alive until it is ended, or for its time", async () => {
    const clock = createFakeClock();
    const release = holdProcess(clock, 100);
    expect(clock.pending).toEqual([{ inMs: 100, holdsProcess: true }]);
    release();
    expect(clock.pending).toEqual([]);
  });
});
