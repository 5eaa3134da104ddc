import { getEventListeners } from "node:events";
import { createFakeClock } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { withDeadline } from "./deadline.js";

const never = <T>(): Promise<T> => new Promise(() => {});

describe("withDeadline", () => {
  it("returns the result of the operation, and leaves neither timer nor listener", async () => {
    const clock = createFakeClock();
    const { signal } = new AbortController();
    const result = withDeadline({ clock, timeoutMs: 100, signal }, async () => "done");
    expect(clock.pending).toEqual([{ inMs: 100, holdsProcess: false }]);
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    expect(await result).toBe("done");
    expect(clock.pending).toEqual([]);
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });

  it("aborts the signal of the operation at the deadline, and does not wait for it to react", async () => {
    const clock = createFakeClock();
    const { signal } = new AbortController();
    let given: AbortSignal | undefined;
    const result = withDeadline({ clock, timeoutMs: 100, signal }, (ended) => {
      given = ended;
      return never();
    });
    const failing = expect(result).rejects.toMatchObject({ code: "SORTITION_TIMEOUT" });
    await clock.advance(100);
    await failing;
    expect(given?.aborted).toBe(true);
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });

  it("ends when the outer signal is aborted", async () => {
    const clock = createFakeClock();
    const controller = new AbortController();
    const { signal } = controller;
    const failing = withDeadline({ clock, timeoutMs: 100, signal }, () => never());
    controller.abort();
    await expect(failing).rejects.toMatchObject({ code: "SORTITION_NETWORK" });
    expect(clock.pending).toEqual([]);
  });

  it("does not start when the outer signal is already aborted", async () => {
    const clock = createFakeClock();
    const signal = AbortSignal.abort();
    let hasBegun = false;
    const failing = withDeadline({ clock, timeoutMs: 100, signal }, async () => {
      hasBegun = true;
    });
    await expect(failing).rejects.toMatchObject({ code: "SORTITION_NETWORK" });
    expect(hasBegun).toBe(false);
  });
});
