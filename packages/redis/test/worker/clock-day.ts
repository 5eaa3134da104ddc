import { setTimeout as sleep } from "node:timers/promises";
import { seededRandom } from "@sortition/test-kit";
import type { RedisServer } from "@sortition/test-kit/redis";
import { expect } from "vitest";
import { WrongClock } from "../support/wrong-clock.js";
import { FleetWorld, type Member, TIMINGS } from "./fleet-world.js";

const HOUR_MS = 3_600_000;
const STEP_MS = 20;
const MEMBERS = 4;
const MAX_FREEZE_MS = 3_000;
const I = TIMINGS.pollIntervalMs;

/**
 * Runs a fleet for the given number of intervals. This is real time, because Redis has its own
 * clock. Wall clocks are set an hour forward or back, and later corrected. They drift by 0.05%.
 * Processes, including the leader's, are frozen for up to three intervals. Expects that no worker
 * misses a change for two intervals after it is unfrozen, and that there are at most twice as many
 * requests as usual.
 */
export async function expectNothingMissed(
  server: RedisServer,
  { intervals, seed }: { intervals: number; seed: number },
): Promise<void> {
  const random = seededRandom(seed);
  const world = new FleetWorld(server);
  const members: {
    readonly member: Member;
    readonly clock: WrongClock;
    thawsAtMs: number;
    /** Number of steps in which it has run and missed a change. A step of a busy machine takes longer. */
    missed: number;
  }[] = [];
  for (let i = 0; i < MEMBERS; i++) {
    const clock = new WrongClock();
    members.push({ member: world.join({}, { clock }), clock, thawsAtMs: 0, missed: 0 });
  }
  await Promise.all(members.map(({ member }) => member.client.waitForInitialization()));
  const startedAtMs = performance.now();
  const before = world.vendor.requests;
  let longest = 0;
  let events = 0;
  while (performance.now() - startedAtMs < intervals * I) {
    await sleep(STEP_MS);
    const nowMs = performance.now();
    if (random() < STEP_MS / I / 2) {
      world.vendor.version += 1;
      for (const it of members) it.missed = 0;
    }
    for (const it of members) {
      const { clock, member } = it;
      const chance = (random() * I) / STEP_MS;
      clock.skewMs += STEP_MS / 2_000;
      if (chance < 0.1) clock.skewMs = HOUR_MS;
      else if (chance < 0.2) clock.skewMs = -HOUR_MS;
      else if (chance < 0.5) clock.skewMs = 0;
      else if (chance < 0.6 && !clock.isFrozen) {
        clock.freeze();
        it.thawsAtMs = nowMs + random() * MAX_FREEZE_MS;
      }
      if (chance < 0.6) events += 1;
      if (clock.isFrozen && nowMs >= it.thawsAtMs) clock.thaw();
      const isMissed = !clock.isFrozen && member.version !== world.vendor.version;
      it.missed = isMissed ? it.missed + 1 : 0;
      longest = Math.max(longest, it.missed);
    }
  }
  for (const { clock } of members) clock.thaw();
  await world.close();
  expect(events).toBeGreaterThan(intervals / 2);
  expect(longest).toBeLessThan((2 * I) / STEP_MS);
  expect(world.vendor.requests - before).toBeLessThanOrEqual(2 * intervals + MEMBERS);
}
