import { createFakeClock, signalListeners } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { startDeadline, withDeadline, within } from "./deadline.js";
import type { AbortSignalLike } from "./host.js";

const never = <T>(): Promise<T> => new Promise(() => {});

describe("withDeadline", () => {
  it("returns the result of the operation, and leaves neither timer nor listener", async () => {
    const clock = createFakeClock();
    const { signal } = new AbortController();
    const result = withDeadline({ clock, timeoutMs: 100, signal }, async () => "done");
    expect(clock.pending).toEqual([{ inMs: 100, holdsProcess: false }]);
    expect(signalListeners(signal)).toBe(1);
    expect(await result).toBe("done");
    expect(clock.pending).toEqual([]);
    expect(signalListeners(signal)).toBe(0);
  });

  it("aborts the signal of the operation at the deadline, and does not wait for it to react", async () => {
    const clock = createFakeClock();
    const { signal } = new AbortController();
    let given: AbortSignalLike | undefined;
    const result = withDeadline({ clock, timeoutMs: 100, signal }, (ended) => {
      given = ended;
      return never();
    });
    const failing = expect(result).rejects.toMatchObject({ code: "SORTITION_TIMEOUT" });
    await clock.advance(100);
    await failing;
    expect(given?.aborted).toBe(true);
    expect(signalListeners(signal)).toBe(0);
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

  it("fails with its own error if the work rejects because of the signal", async () => {
    const clock = createFakeClock();
    const failing = withDeadline({ clock, timeoutMs: 100 }, (ended) => {
      return new Promise((_, reject) => {
        ended.addEventListener("abort", () => reject(new Error("aborted")));
      });
    });
    const failed = expect(failing).rejects.toMatchObject({ code: "SORTITION_TIMEOUT" });
    await clock.advance(100);
    await failed;
  });
});

describe("within", () => {
  const limitOf = (clock = createFakeClock()) => ({ clock, timeoutMs: 100, holdsProcess: true });

  it("returns how the work ended", async () => {
    const error = new Error("no");
    expect(await within(limitOf(), () => 1)).toEqual({ kind: "done", value: 1 });
    expect(await within(limitOf(), async () => undefined)).toEqual({ kind: "done" });
    expect(await within(limitOf(), () => Promise.reject(error))).toEqual({ kind: "failed", error });
    const throwing = (): never => {
      throw error;
    };
    expect(await within(limitOf(), throwing)).toEqual({ kind: "failed", error });
  });

  it("is late after the time, and aborts the work", async () => {
    const clock = createFakeClock();
    let given: AbortSignalLike | undefined;
    const outcome = within(limitOf(clock), (signal) => {
      given = signal;
      return never();
    });
    expect(clock.pending).toEqual([{ inMs: 100, holdsProcess: true }]);
    await clock.advance(100);
    expect(await outcome).toEqual({ kind: "late" });
    expect(given?.aborted).toBe(true);
    expect(clock.pending).toEqual([]);
  });

  it("is late when the outer signal is aborted, and leaves no listener on it", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const outcome = within({ ...limitOf(), signal }, () => never());
    controller.abort();
    expect(await outcome).toEqual({ kind: "late" });
    expect(signalListeners(signal)).toBe(0);
  });
});

describe("startDeadline", () => {
  it("limits several steps by one deadline", async () => {
    const clock = createFakeClock();
    const deadline = startDeadline(clock, 100);
    await clock.advance(60);
    expect(await deadline.limit(Promise.resolve(1))).toBe(1);
    expect(deadline.remainingMs()).toBe(40);
    const late = deadline.limit(never());
    await clock.advance(40);
    expect(await late).toBeUndefined();
    expect(deadline.signal.aborted).toBe(true);
    deadline.end();
    expect(clock.pending).toEqual([]);
  });
});
