import { hasRedis, type RedisServer, startRedis } from "@sortition/test-kit/redis";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FleetWorld, TIMINGS, until } from "./fleet-world.js";

describe.skipIf(!hasRedis)("redis §6 fault 23: after Redis was out of memory", () => {
  let server: RedisServer;
  let world: FleetWorld;

  beforeEach(async () => {
    server = await startRedis();
    world = new FleetWorld(server);
  });
  afterEach(async () => {
    await world.close();
    await server.close();
  });

  const limitMemory = (bytes: number): Promise<unknown> =>
    server.command("CONFIG", "SET", "maxmemory", `${bytes}`);

  it.each([1, 3])("the first look of %s workers is published", async (count) => {
    const members = Array.from({ length: count }, () => world.join(TIMINGS));
    const areShared = (): boolean =>
      members.every(
        ({ fleet, version }) => fleet.status.revision !== null && version === world.vendor.version,
      );
    await until(areShared);
    await limitMemory(1);
    world.vendor.version += 1;
    // After the failures that make a leader stand back.
    await until(() => members.some(({ messages }) => messages.includes("leader released")));
    await until(() => members.some(({ messages }) => messages.includes("no eligible worker")));
    expect(members.flatMap(({ reports }) => reports)).toContainEqual({
      message: "no eligible worker",
      facts: {
        namespace: expect.any(String),
        code: "SORTITION_REDIS_OOM",
        reason: expect.stringContaining("refused a command: OOM, look at its `maxmemory`"),
      },
    });
    await limitMemory(0);
    world.vendor.version += 1;
    const { requests } = world.vendor;
    await until(areShared);
    expect(world.vendor.requests - requests).toBe(1);
  });
});
