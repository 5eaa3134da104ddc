import { ifWhole, isInPart } from "@sortition/test-kit";
import { hasRedis, type RedisServer, startRedis } from "@sortition/test-kit/redis";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RedisFleetOptions } from "../../src/index.js";
import { FleetWorld, type Member, TIMINGS, until } from "./fleet-world.js";

describe.skipIf(!hasRedis)("redis §6 fault 23: Redis is out of memory", () => {
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

  const join = (count: number, options: Partial<RedisFleetOptions> = {}): Member[] =>
    Array.from({ length: count }, () => world.join({ ...TIMINGS, ...options }));
  const haveAll = (members: readonly Member[]): boolean =>
    members.every(({ version }) => version === world.vendor.version);
  const areShared = (members: readonly Member[]): boolean =>
    haveAll(members) && members.every(({ fleet }) => fleet.status.revision !== null);
  const leadersOf = (members: readonly Member[]): Member[] =>
    members.filter(({ fleet }) => fleet.status.role === "leader");
  const publishesOf = (members: readonly Member[]): number =>
    members.reduce((sum, { fleet }) => sum + fleet.status.counters.publishes, 0);
  const linesOf = ({ reports }: Member): Member["reports"] =>
    reports.filter(({ message }) => message.startsWith("redis "));

  const unusable = (whether: "polling directly" | "holding"): object => ({
    message: `redis unusable, ${whether}`,
    facts: {
      code: "SORTITION_REDIS_OOM",
      systemCode: "OOM",
      reason: expect.stringContaining("refused a command: OOM. Check its `maxmemory`."),
    },
  });
  const again = { message: "redis reachable again", facts: { outageMs: expect.any(Number) } };

  it.each([3, 1].filter((_, i) => isInPart(i)))(
    "%s workers serve a change within two intervals, and publish the first change after the outage",
    async (count) => {
      const members = join(count);
      await until(() => areShared(members));
      const [leader] = leadersOf(members);
      await limitMemory(1);
      for (let i = 0; i < 3; i++) {
        world.vendor.version += 1;
        const { requests } = world.vendor;
        await until(() => haveAll(members));
        // Each worker polls by itself, once per interval.
        expect(world.vendor.requests - requests).toBeLessThanOrEqual(2 * count);
      }
      expect(leadersOf(members)).toEqual([leader]);
      expect(members.map(linesOf)).toEqual(members.map(() => [unusable("polling directly")]));

      await limitMemory(0);
      world.vendor.version += 1;
      const { requests } = world.vendor;
      const publishes = publishesOf(members);
      await until(() => areShared(members));
      await until(() => members.every((member) => linesOf(member).length === 2));
      expect(publishesOf(members)).toBe(publishes + 1); // a busy machine may change the leader
      // Without memory, each follower polled once per interval.
      expect(world.vendor.requests - requests).toBeLessThanOrEqual(1 + 2 * (count - 1));
      expect(members.map(linesOf)).toEqual(
        members.map(() => [unusable("polling directly"), again]),
      );
    },
  );

  ifWhole(it)("a fleet without changes continues as before, even with another leader", async () => {
    const members = join(3);
    await until(() => areShared(members));
    await limitMemory(1);
    const [leader] = leadersOf(members);
    await leader?.client.close();
    const rest = members.filter((member) => member !== leader);
    await until(() => leadersOf(rest).length === 1);
    const { requests } = world.vendor;
    await until(() => world.vendor.requests === requests + 2);
    expect(rest.flatMap(linesOf)).toEqual([]);
    expect(rest.map(({ fleet }) => fleet.status.counters.directPolls)).toEqual([0, 0]);
  });

  it('workers with whenRedisDown "hold" keep their configuration, and report it', async () => {
    const members = join(2, { whenRedisDown: "hold" });
    await until(() => areShared(members));
    await limitMemory(1);
    world.vendor.version += 1;
    await until(() => members.every((member) => linesOf(member).length === 1));
    const follower = members.find(({ fleet }) => fleet.status.role !== "leader");
    const { requests } = world.vendor;
    await until(() => world.vendor.requests === requests + 2);
    expect(follower?.fleet.status.counters.directPolls).toBe(0);
    expect(await follower?.client.refresh()).toMatchObject({
      outcome: "failed",
      error: { code: "SORTITION_REDIS_OOM" },
    });
    expect(follower && linesOf(follower)).toEqual([unusable("holding")]);
  });
});
