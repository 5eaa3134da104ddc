import type { FetchResult } from "@sortition/core/internal";
import { createFakeClock, seededRandom } from "@sortition/test-kit";
import { expect } from "vitest";
import { createClient } from "../../src/client/create-client.js";
import { Configuration, httpOrigin } from "../../src/index.js";
import { pollingSource } from "../../src/source/polling-source.js";
import { flagsBody } from "./flags.js";

const HOUR_MS = 3_600_000;
const STEP_MS = 1_000;
const INTERVAL_MS = 30_000;

/** Behaviour of a client under wrong clocks. */
export interface ClockDay {
  readonly requests: number;
  /** Number of requests with correct clocks: one per interval while the process ran. */
  readonly usual: number;
  /** The longest time, by the running clock, until a change was served. */
  readonly longestMs: number;
  /** The lowest and the highest age in the status while polls succeeded and no jump was recent. */
  readonly youngestMs: number;
  readonly oldestMs: number;
}

/**
 * Runs a client for some hours. The wall clock is set an hour forward or back and then corrected,
 * it drifts by 0.05%, and the process is frozen for up to an hour, during which the monotonic clock
 * stands still.
 */
export async function simulateClockDay(hours: number, seed: number): Promise<ClockDay> {
  const random = seededRandom(seed);
  const clock = createFakeClock();
  let skewMs = 0;
  let version = 0;
  let requests = 0;
  let changedAtMs = 0;
  const skewed = { ...clock, now: () => clock.now() + skewMs };
  const contentOf = (value: number): Uint8Array => new TextEncoder().encode(flagsBody(`${value}`));
  const origin = httpOrigin({ apiKey: "key", clock: skewed });
  const source = pollingSource(
    {
      ...origin,
      async fetchOnce(current): Promise<FetchResult> {
        requests += 1;
        const etag = `"${version}"`;
        if (current?.[0]?.etag === etag) return { kind: "unchanged" };
        const bytes = contentOf(version);
        return {
          kind: "payloads",
          payloads: [{ part: "flags", bytes, etag, fetchedAtMs: skewed.now(), from: "network" }],
        };
      },
    },
    { pollIntervalMs: INTERVAL_MS },
  );
  const client = createClient({
    source,
    clock: skewed,
    random: seededRandom(seed + 1),
    assignmentLogger: null,
    initialConfiguration: Configuration.from({ flagsConfiguration: flagsBody("none") }),
  });
  let longestMs = 0;
  let youngestMs = Number.POSITIVE_INFINITY;
  let oldestMs = 0;
  let untilMs = 2 * INTERVAL_MS;
  while (clock.monotonicMs() < hours * HOUR_MS) {
    const chance = random();
    if (chance < 0.002) skewMs = chance < 0.001 ? HOUR_MS : -HOUR_MS;
    else if (chance < 0.006) skewMs = 0;
    else if (chance < 0.007) clock.jump(random() * HOUR_MS);
    // The age may be too high from a jump forward or a freeze until the next attempt.
    if (chance < 0.007) untilMs = clock.monotonicMs() + 2 * INTERVAL_MS;
    skewMs += 0.5;
    if (random() < 0.005) {
      version += 1;
      changedAtMs = clock.monotonicMs();
    }
    await clock.advance(STEP_MS);
    const value = client.getStringAssignment("flag-1", "alice", {}, "default");
    if (value !== `${version}`) longestMs = Math.max(longestMs, clock.monotonicMs() - changedAtMs);
    const { ageMs } = client.status;
    if (clock.monotonicMs() < untilMs || ageMs === null) continue;
    youngestMs = Math.min(youngestMs, ageMs);
    oldestMs = Math.max(oldestMs, ageMs);
  }
  await client.close();
  return { requests, usual: (hours * HOUR_MS) / INTERVAL_MS, longestMs, youngestMs, oldestMs };
}

/** The default `pollJitterMs`. */
const JITTER_MS = 5_000;

/**
 * Expects that no change is missed for two intervals, that there are at most twice the usual
 * requests, and that ages are correct between jumps.
 */
export function expectNothingMissed(day: ClockDay): void {
  expect(day.longestMs).toBeLessThanOrEqual(2 * INTERVAL_MS);
  expect(day.requests).toBeLessThanOrEqual(2 * day.usual);
  expect(day.requests).toBeGreaterThanOrEqual(0.9 * day.usual - 2);
  expect(day.youngestMs).toBeGreaterThanOrEqual(0);
  expect(day.oldestMs).toBeLessThanOrEqual(INTERVAL_MS + JITTER_MS + STEP_MS);
}
