import {
  hasRedis,
  type RedisServer,
  startRedis,
  startTcpProxy,
  type TcpProxy,
} from "@sortition/test-kit/redis";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FleetWorld, type Member, until } from "./fleet-world.js";

const DELAY_MS = 60;
/** Ages in Redis are whole milliseconds. */
const ROUNDING_MS = 2;
/** One poll of the vendor, and many ticks. */
const TIMINGS = { pollIntervalMs: 60_000, leaseMs: 20_000, tickMs: 100, commandTimeoutMs: 1_000 };

describe.skipIf(!hasRedis)("redis §6 fault 54: the age of a configuration", () => {
  let server: RedisServer;
  let proxy: TcpProxy;
  let world: FleetWorld;
  /** When the only request to the vendor started. */
  let requestedAtMs: number;

  beforeEach(async () => {
    server = await startRedis();
    proxy = await startTcpProxy(server.port);
    world = new FleetWorld(server);
  });
  afterEach(async () => {
    await world.close();
    await proxy.close();
    await server.close();
  });

  /** Joins, and records when the request started. */
  async function lead(url = server.url): Promise<Member> {
    const { origin } = world.vendor;
    const leader = world.join({
      ...{ ...TIMINGS, redis: url },
      origin: {
        ...origin,
        fetchOnce(current, options) {
          requestedAtMs = performance.now();
          return origin.fetchOnce(current, options);
        },
      },
    });
    await leader.client.waitForInitialization();
    await until(() => leader.fleet.status.revision !== null);
    return leader;
  }
  const ages = ({ client, fleet }: Member): number[] => [
    Number(fleet.status.ageMs),
    Number(client.status.ageMs),
  ];
  const expectOldEnough = (follower: Member): void => {
    const least = performance.now() - requestedAtMs - ROUNDING_MS;
    for (const ageMs of ages(follower)) expect(ageMs).toBeGreaterThanOrEqual(least);
  };

  it("is never too low if the connection from Redis is slow", async () => {
    proxy.delay(DELAY_MS);
    await lead();
    const follower = world.join({ ...TIMINGS, redis: proxy.url });
    await follower.client.waitForInitialization();
    expectOldEnough(follower);
    const { ticks } = follower.fleet.status.counters;
    await until(() => follower.fleet.status.counters.ticks > ticks + 1);
    expectOldEnough(follower);
    expect(world.vendor.requests).toBe(1);
  });

  it("is never too low if the leader's connection to Redis is slow, also after it has restored it", async () => {
    proxy.delay(DELAY_MS);
    const leader = await lead(proxy.url);
    const early = world.join(TIMINGS);
    await early.client.waitForInitialization();
    expectOldEnough(early);
    await early.client.close();
    const firstAtMs = requestedAtMs;
    world.vendor.status = 500;
    await server.command("FLUSHALL");
    await until(() => leader.fleet.status.counters.restores > 0);
    const follower = world.join(TIMINGS);
    await follower.client.waitForInitialization();
    requestedAtMs = firstAtMs; // later requests have failed
    expectOldEnough(follower);
  });

  it("is never too low after the event loop was blocked while a reply arrived", async () => {
    await lead();
    proxy.delay(DELAY_MS / 2);
    const follower = world.join({ ...TIMINGS, redis: proxy.url });
    // It has sent the request for the stored configuration.
    await until(() => follower.fleet.status.counters.reads > 0);
    const endMs = performance.now() + 2 * DELAY_MS;
    while (performance.now() < endMs);
    await follower.client.waitForInitialization();
    expectOldEnough(follower);
  });
});
