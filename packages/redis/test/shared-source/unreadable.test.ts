import { hasRedis, startRedis } from "@sortition/test-kit/redis";
import { Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import type { RedisFactory } from "../../src/index.js";
import { READ } from "../../src/scripts/shared-source.js";
import { FleetWorld, until } from "./fleet-world.js";

describe.skipIf(!hasRedis)("a process that may tick and may not read", () => {
  it("polls directly, and does not say that Redis is reachable again", async () => {
    await using server = await startRedis();
    const world = new FleetWorld(server);
    const { vendor } = world;
    await world.join().client.waitForInitialization();
    vendor.status = 500;
    const refusal = Object.assign(new Error("NOPERM no rights"), { name: "ReplyError" });
    const redis: RedisFactory = (overrides) => {
      const client = new Redis(server.url, overrides);
      const call = client.callBuffer.bind(client) as (...command: unknown[]) => Promise<unknown>;
      const callBuffer = (...command: unknown[]): Promise<unknown> =>
        command[1] === READ.sha1 ? Promise.reject(refusal) : call(...command);
      return Object.assign(client, { callBuffer });
    };
    const { client, fleet, messages } = world.join({ redis, eligible: false });
    await until(() => fleet.status.counters.directPolls > 1);
    expect(fleet.status).toMatchObject({ role: "direct", redis: "ready" });
    vendor.status = 200;
    await until(() => client.isInitialized());
    expect(messages).not.toContain("redis reachable again");
    await world.close();
  });
});
