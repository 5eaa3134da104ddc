import { createFakeClock, type FakeClock } from "@sortition/test-kit";
import { beforeEach, describe, expect, it } from "vitest";
import type { Content } from "../codec/content.js";
import { createCounters } from "./counters.js";
import { isOlderThan } from "./held.js";
import type { Tick } from "./replies.js";
import { WorkerState } from "./worker-state.js";

const HOUR_MS = 3_600_000;
const CONTENT: Content = { payloads: [], hashes: new Map(), sha: "a" };

let clock: FakeClock;
let state: WorkerState;

beforeEach(() => {
  clock = createFakeClock();
  state = new WorkerState({ clock, counters: createCounters() });
  state.install(CONTENT, 1, 1_000);
});

describe("the age of a follower's configuration", () => {
  it("grows while the monotonic clock stands still, as in a frozen process", () => {
    state.noteAttempt();
    state.noteTick({ overdueMs: -5_000 } as Tick);
    clock.jump(HOUR_MS);
    expect([state.ageMs, state.sinceAttemptMs]).toEqual([HOUR_MS + 1_000, HOUR_MS]);
    expect(state.overdueMs).toBe(HOUR_MS - 5_000);
    expect(state.held).toMatchObject({ ageMs: HOUR_MS + 1_000, sinceAttemptMs: HOUR_MS });
  });

  it("does not decrease when the wall clock is set back", async () => {
    state.noteAttempt();
    clock.jump(-HOUR_MS);
    await clock.advance(500);
    expect([state.ageMs, state.sinceAttemptMs]).toEqual([1_500, 500]);
  });

  it("is correct again with the next confirmation after the wall clock was set forward", () => {
    clock.jump(HOUR_MS);
    expect(state.noteAge(2_000)).toBe(true);
    expect(state.ageMs).toBe(2_000);
  });

  it("is not increased by a confirmation that was already known", async () => {
    await clock.advance(500);
    expect(state.noteAge(1_600)).toBe(false);
    expect(state.ageMs).toBe(1_500);
  });
});

describe("a configuration stored while a process was frozen", () => {
  it("replaces what the process fetched directly before", () => {
    state.install(CONTENT, null, 0);
    state.noteAttempt();
    clock.jump(HOUR_MS);
    expect(isOlderThan(state, HOUR_MS / 2)).toBe(true);
    expect(isOlderThan(state, 2 * HOUR_MS)).toBe(false);
  });
});

describe("a snapshot", () => {
  it("does not change afterwards", () => {
    const { held } = state;
    clock.jump(HOUR_MS);
    state.install({ ...CONTENT, sha: "b" }, 2, 0);
    expect(held).toMatchObject({ ageMs: 1_000, revision: 1, content: { sha: "a" } });
  });
});
