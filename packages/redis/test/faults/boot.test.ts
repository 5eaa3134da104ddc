import { setImmediate as nextTurn } from "node:timers/promises";
import { hasRedis, type RedisServer, startRedis } from "@sortition/test-kit/redis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FleetWorld } from "../worker/fleet-world.js";

/** The production timings. */
const TIMINGS = {
  pollIntervalMs: 30_000,
  leaseMs: 15_000,
  tickMs: 10_000,
  commandTimeoutMs: 1_000,
};

/** Blocks the event loop without using processor time. */
function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

describe.skipIf(!hasRedis)("redis §6 fault 41: a blocked event loop at the start", () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.close());

  it.each([
    { blockedMs: 1_500, turns: 0 },
    { blockedMs: 3_000, turns: 1 },
  ])(
    "of $blockedMs ms after $turns turns causes no direct request while there is a leader",
    async ({ blockedMs, turns }) => {
      const world = new FleetWorld(server);
      const leader = world.join(TIMINGS);
      await leader.client.waitForInitialization();
      const newcomer = world.join(TIMINGS);
      for (let i = 0; i < turns; i++) await nextTurn();
      block(blockedMs);
      await newcomer.client.waitForInitialization();
      expect(newcomer.fleet.status).toMatchObject({
        source: "redis",
        counters: { directPolls: 0 },
      });
      expect(newcomer.fleet.status.lastError).toBeNull();
      expect(world.vendor.requests).toBe(1);
      await world.close();
    },
  );
});
