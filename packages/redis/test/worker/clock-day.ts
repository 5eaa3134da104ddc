import { setTimeout as sleep } from "node:timers/promises";
import { type BusyWatch, seededRandom } from "@sortition/test-kit";
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
  { intervals, machine, seed }: { intervals: number; machine: BusyWatch; seed: number },
): Promise<void> {
  const random = seededRandom(seed);
  const world = new FleetWorld(server);
  const members: { readonly member: Member; readonly clock: WrongClock; thawsAtMs: number }[] = [];
  for (let i = 0; i < MEMBERS; i++) {
    const clock = new WrongClock();
    members.push({ member: world.join({}, { clock }), clock, thawsAtMs: 0 });
  }
  await Promise.all(members.map(({ member }) => member.client.waitForInitialization()));
  const startedAtMs = performance.now();
  const before = world.vendor.requests;
  let changedAtMs = startedAtMs;
  let longestMs = 0;
  let events = 0;
  while (performance.now() - startedAtMs < intervals * I) {
    await sleep(STEP_MS);
    const nowMs = performance.now();
    if (random() < STEP_MS / I / 2) {
      world.vendor.version += 1;
      changedAtMs = nowMs;
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
      if (clock.isFrozen || member.version === world.vendor.version) continue;
      longestMs = Math.max(longestMs, nowMs - Math.max(changedAtMs, clock.thawedAtMs));
    }
  }
  for (const { clock } of members) clock.thaw();
  await world.close();
  expect(events).toBeGreaterThan(intervals / 2);
  expect(longestMs).toBeLessThan(machine.boundMs(2 * I));
  expect(world.vendor.requests - before).toBeLessThanOrEqual(2 * intervals + MEMBERS);
}
