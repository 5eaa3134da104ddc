import { describe, expect, it, vi } from "vitest";
import type { AssignmentLogger } from "../../delivery/assignment-logger.js";
import type { AssignmentEvent, BanditEvent } from "../../model/exposure.js";
import { createClock } from "../../runtime/clock.js";
import { startDeadline } from "../../runtime/deadline.js";
import { PrecomputedExposures } from "./exposures.js";

const CLOCK = createClock();

function set(logger: AssignmentLogger | null | undefined, deduplicates = true) {
  const errors: unknown[] = [];
  const times = { nowMs: 0 };
  const exposures = new PrecomputedExposures({
    logger,
    deduplicates,
    clock: { monotonicMs: () => times.nowMs, now: () => times.nowMs },
    diagnostics: { debug() {}, info() {}, warn() {}, error: (_, facts) => void errors.push(facts) },
  });
  const assign = (flagKey = "f", variation = "on"): void =>
    exposures.record("assignment", flagKey, "all", variation, () => ({
      kind: "assignment",
      event: { featureFlag: flagKey, variation } as AssignmentEvent, // these tests read only these members
    }));
  const choose = (action = "a"): void =>
    exposures.record("bandit", "f", "bandit", action, () => ({
      kind: "bandit",
      event: { flagKey: "f", action } as BanditEvent, // as above
    }));
  const within = (timeoutMs: number) => startDeadline(CLOCK, timeoutMs);
  return { exposures, assign, choose, errors, times, within };
}

/** `accepted` is the sum of what became of the exposures. */
function isBalanced({ counters }: PrecomputedExposures): boolean {
  const { accepted, buffered, delivered, dropped, failed, pending } = counters;
  return accepted === buffered + delivered + dropped + failed + pending;
}

describe("PrecomputedExposures", () => {
  it("logs an exposure again only if it differs from the last one of its flag", () => {
    const logAssignment = vi.fn();
    const { assign, exposures } = set({ logAssignment });
    for (const variation of ["on", "on", "off", "on"]) assign("f", variation);
    assign("g");
    expect(logAssignment.mock.calls.map(([event]) => event.variation)).toEqual([
      "on",
      "off",
      "on",
      "on",
    ]);
    expect(exposures.counters).toMatchObject({ accepted: 4, delivered: 4, deduplicated: 1 });
  });

  it("logs every exposure if it does not deduplicate", () => {
    const logAssignment = vi.fn();
    const { assign } = set({ logAssignment }, false);
    assign();
    assign();
    expect(logAssignment).toHaveBeenCalledTimes(2);
  });

  it("logs a bandit action again after 10 minutes without it", () => {
    const logBanditAction = vi.fn();
    const { choose, times } = set({ logAssignment() {}, logBanditAction });
    choose();
    times.nowMs = 599_999;
    choose();
    times.nowMs = 1_199_998;
    choose();
    expect(logBanditAction).toHaveBeenCalledTimes(1);
    times.nowMs = 1_799_998;
    choose();
    expect(logBanditAction).toHaveBeenCalledTimes(2);
  });

  it("does not repeat an exposure to a logger that evaluates the same flag", () => {
    let calls = 0;
    const { assign } = set({
      logAssignment() {
        calls += 1;
        assign();
      },
    });
    assign();
    expect(calls).toBe(1);
  });

  it("keeps 100 exposures of each kind until there is a logger, in order", () => {
    const { assign, choose, exposures } = set(undefined);
    for (let i = 0; i < 150; i++) {
      assign(`f${i}`);
      choose(`a${i}`);
    }
    expect(exposures.counters).toMatchObject({ buffered: 200, dropped: 100 });
    const logAssignment = vi.fn();
    const logBanditAction = vi.fn();
    exposures.setLogger({ logAssignment, logBanditAction });
    expect(logAssignment.mock.calls.map(([event]) => event.featureFlag).at(-1)).toBe("f99");
    expect(logBanditAction).toHaveBeenCalledTimes(100);
    expect(exposures.counters).toMatchObject({ buffered: 0, delivered: 200 });
    expect(isBalanced(exposures)).toBe(true);
  });

  it("drops buffered exposures that the logger does not accept", () => {
    const { assign, choose, exposures } = set(undefined);
    assign();
    choose();
    exposures.setLogger({ logAssignment() {} });
    expect(exposures.counters).toMatchObject({ delivered: 1, dropped: 1 });
    choose();
    expect(exposures.counters).toMatchObject({ accepted: 2, refused: 1 });
  });

  it("logs nothing if the logger is null", () => {
    const { assign, exposures } = set(null);
    assign();
    expect(exposures.counters).toMatchObject({ accepted: 0, refused: 1 });
  });

  it.each([
    {
      because: "it throws",
      logAssignment: () => {
        throw new Error("down");
      },
    },
    { because: "its promise is rejected", logAssignment: () => Promise.reject(new Error("down")) },
  ])(
    "offers an exposure again after the logger failed because $because",
    async ({ logAssignment }) => {
      const logger = vi.fn(logAssignment);
      const { assign, errors, exposures, within } = set({ logAssignment: logger });
      assign();
      expect(await exposures.flush(within(1_000))).toMatchObject({ pending: 0 });
      assign();
      await exposures.flush(within(1_000));
      expect(logger).toHaveBeenCalledTimes(2);
      expect(exposures.counters).toMatchObject({ accepted: 2, failed: 2, delivered: 0 });
      expect(errors[0]).toMatchObject({ code: "SORTITION_LOGGER" });
    },
  );

  it("reports a failing logger once, until it takes an event again", () => {
    let isDown = true;
    const { assign, errors } = set({
      logAssignment() {
        if (isDown) throw new Error("down");
      },
    });
    assign();
    assign();
    expect(errors).toHaveLength(1);
    isDown = false;
    assign();
    isDown = true;
    assign("g");
    expect(errors).toHaveLength(2);
  });

  it("drops exposures beyond 1,000 pending promises", () => {
    const { assign, exposures } = set({ logAssignment: () => new Promise(() => {}) });
    for (let i = 0; i < 1_001; i++) assign(`f${i}`);
    expect(exposures.counters).toMatchObject({ pending: 1_000, dropped: 1 });
    expect(isBalanced(exposures)).toBe(true);
  });

  it("flushes the logger after its promises are settled", async () => {
    const calls: string[] = [];
    const { assign, exposures, within } = set({
      async logAssignment() {
        await new Promise((resolve) => setTimeout(resolve, 5));
        calls.push("logged");
      },
      flush: () => void calls.push("flushed"),
    });
    assign();
    expect(await exposures.flush(within(1_000))).toEqual({ ok: true, pending: 0 });
    expect(calls).toEqual(["logged", "flushed"]);
  });

  it("ends a flush at the deadline", async () => {
    const { assign, exposures, within } = set({ logAssignment: () => new Promise(() => {}) });
    assign();
    expect(await exposures.flush(within(5))).toEqual({ ok: false, pending: 1 });
  });

  it.each([
    { because: "it returns ok: false", flush: () => ({ ok: false }) },
    {
      because: "it throws",
      flush: () => {
        throw new Error("down");
      },
    },
    { because: "it does not settle in time", flush: () => new Promise(() => {}) },
  ])("reports a flush that failed because $because", async ({ flush }) => {
    const { exposures, within } = set({ logAssignment() {}, flush });
    expect(await exposures.flush(within(20))).toMatchObject({ ok: false });
  });

  it("refuses exposures after close, and closes a logger that it owns", async () => {
    const close = vi.fn();
    const { assign, exposures, within } = set({ logAssignment() {}, owned: true, close });
    await exposures.close(within(1_000));
    assign();
    expect(close).toHaveBeenCalledTimes(1);
    expect(exposures.counters).toMatchObject({ accepted: 0, refused: 1 });
  });

  it("leaves a logger open that it does not own, and drops what is buffered at close", async () => {
    const { assign, exposures, within } = set(undefined);
    assign();
    await exposures.close(within(1_000));
    expect(exposures.counters).toMatchObject({ accepted: 1, buffered: 0, dropped: 1 });
    const close = vi.fn();
    const other = set({ logAssignment() {}, close });
    await other.exposures.close(within(1_000));
    expect(close).not.toHaveBeenCalled();
  });
});
