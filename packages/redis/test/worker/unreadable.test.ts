import { ifWhole } from "@sortition/test-kit";
import { hasRedis, type RedisServer, startRedis } from "@sortition/test-kit/redis";
import { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RedisFactory } from "../../src/index.js";
import { READ } from "../../src/scripts/shared-source.js";
import { FleetWorld, until } from "./fleet-world.js";

describe.skipIf(!hasRedis)("a process that may tick, but not read", () => {
  let server: RedisServer;
  let world: FleetWorld;
  let isRefused: boolean;

  beforeEach(async () => {
    server = await startRedis();
    world = new FleetWorld(server);
    isRefused = true;
    await world.join().client.waitForInitialization();
  });
  afterEach(async () => {
    await world.close();
    await server.close();
  });

  const refusing: RedisFactory = (overrides) => {
    const client = new Redis(server.url, overrides);
    const call = client.callBuffer.bind(client) as (...command: unknown[]) => Promise<unknown>;
    const refusal = Object.assign(new Error("NOPERM no rights"), { name: "ReplyError" });
    const callBuffer = (...command: unknown[]): Promise<unknown> =>
      isRefused && command[1] === READ.sha1 ? Promise.reject(refusal) : call(...command);
    return Object.assign(client, { callBuffer });
  };

  it("polls directly, and does not report that Redis is reachable again", async () => {
    const { vendor } = world;
    vendor.status = 500;
    const { client, fleet, messages } = world.join({ redis: refusing, eligible: false });
    await until(() => fleet.status.counters.directPolls > 1);
    expect(fleet.status).toMatchObject({ role: "direct", redis: "ready" });
    vendor.status = 200;
    await until(() => client.isInitialized());
    expect(messages).not.toContain("redis reachable again");
  });

  ifWhole(it)("reports once why it polls directly, and once that it can read again", async () => {
    world.vendor.status = 500;
    const { client, fleet, reports } = world.join({ redis: refusing, eligible: false });
    await until(() => fleet.status.counters.directPolls > 1);
    isRefused = false;
    await until(() => client.isInitialized() && fleet.status.role === "follower");
    expect(reports.filter(({ message }) => message.startsWith("redis "))).toEqual([
      {
        message: "redis unusable, polling directly",
        facts: expect.objectContaining({ code: "SORTITION_REDIS_DENIED" }),
      },
      { message: "redis reachable again", facts: { outageMs: expect.any(Number) } },
    ]);
  });

  ifWhole(it)(
    'does not poll with whenRedisDown "hold", and reports that a refresh failed',
    async () => {
      const options = { redis: refusing, eligible: false, whenRedisDown: "hold" } as const;
      const { client, fleet, messages } = world.join(options);
      await until(() => fleet.status.role === "direct");
      const ticks = fleet.status.counters.ticks + 20; // longer than the jitter of first polls
      await until(() => fleet.status.counters.ticks > ticks);
      expect(await client.refresh()).toMatchObject({
        outcome: "failed",
        error: { code: "SORTITION_REDIS_DENIED" },
      });
      expect(fleet.status.counters.directPolls).toBe(0);
      isRefused = false;
      await until(() => client.isInitialized());
      expect(messages.filter((message) => message.startsWith("redis "))).toEqual([
        "redis unusable, holding",
        "redis reachable again",
      ]);
    },
  );
});
