import type { ClientState, ClientStatus } from "@sortition/core";
import { createFakeClock } from "@sortition/test-kit/fake-clock";
import { describe, expect, it } from "vitest";
import { LastHour, type MinuteState } from "./last-hour.js";

const MINUTE_MS = 60_000;

/** An environment whose status a test changes. */
function recorded() {
  const clock = createFakeClock();
  let current: (MinuteState & { readonly stream: { readonly lost: number } }) | null = null;
  const environment = {
    get status() {
      return current as ClientStatus | null; // the recorder reads these members alone
    },
  };
  const lastHour = new LastHour(environment, clock);
  return {
    clock,
    lastHour,
    become(state: ClientState, ageMs: number | null, lost = 0) {
      current = { state, ageMs, stream: { lost } };
    },
  };
}

describe("LastHour", () => {
  it("has no minutes before the environment has started", () => {
    expect(recorded().lastHour.minutes).toEqual(Array.from({ length: 60 }, () => null));
  });

  it("keeps the worst sample of each minute", async () => {
    const { become, clock, lastHour } = recorded();
    become("ready", 1_000);
    await clock.advance(20_000);
    become("stale", 40_000);
    await clock.advance(20_000);
    become("ready", 2_000);
    await clock.advance(2 * MINUTE_MS);
    const seen = lastHour.minutes.filter((it) => it !== null);
    expect(seen.map(({ state }) => state)).toEqual(["stale", "ready", "ready"]);
    expect(seen[0]?.ageMs).toBe(40_000);
  });

  it("forgets what is more than an hour ago", async () => {
    const { become, clock, lastHour } = recorded();
    become("error", null);
    await clock.advance(10 * MINUTE_MS);
    become("ready", 0);
    await clock.advance(70 * MINUTE_MS);
    expect(new Set(lastHour.minutes.map((it) => it?.state))).toEqual(new Set(["ready"]));
  });

  it("records when the state last changed, and when the stream was lost", async () => {
    const { become, clock, lastHour } = recorded();
    expect([lastHour.since, lastHour.lastLossAtMs]).toEqual([null, null]);
    const startMs = clock.now();
    become("ready", 0);
    await clock.advance(5 * MINUTE_MS);
    expect(lastHour.since).toEqual({ state: "ready", atMs: startMs + 1_000 });
    become("stale", 0, 2);
    await clock.advance(MINUTE_MS);
    become("stale", 0, 2);
    await clock.advance(MINUTE_MS);
    const atMs = startMs + 5 * MINUTE_MS + 1_000;
    expect(lastHour.since).toEqual({ state: "stale", atMs });
    expect(lastHour.lastLossAtMs).toBe(atMs);
  });

  it("sets no timer after it was closed", () => {
    const { clock, lastHour } = recorded();
    lastHour.close();
    expect(clock.pending).toHaveLength(0);
  });
});
