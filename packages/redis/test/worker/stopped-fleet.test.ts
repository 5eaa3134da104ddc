import type { ConfigurationOrigin } from "@sortition/core/internal";
import { hasRedis, type RedisServer, startRedis } from "@sortition/test-kit/redis";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FleetWorld, type Member } from "./fleet-world.js";

const ORIGIN_MS = 400;
/** An hour in the past for Redis. */
const LONG_AGO_MS = 3_600_000;
/** Ticks of a follower are much further apart than the origin's response takes. */
const TIMINGS = { pollIntervalMs: 30_000, leaseMs: 15_000, tickMs: 10_000 };

describe.skipIf(!hasRedis)("redis §6 fault 66: a fleet that starts after it was stopped", () => {
  let server: RedisServer;
  let world: FleetWorld;

  beforeEach(async () => {
    server = await startRedis();
    world = new FleetWorld(server);
    const last = world.join(TIMINGS);
    await last.client.waitForInitialization();
    await last.client.close();
    world.vendor.version = 2;
  });
  afterEach(async () => {
    await world.close();
    await server.close();
  });

  /** Moves the last poll of the fleet into the past. */
  async function age(outcome: readonly string[] = []): Promise<void> {
    const [key] = (await server.command("KEYS", "*:poll")) as [string];
    const [seconds] = (await server.command("TIME")) as [string];
    const atMs = Number(seconds) * 1_000 - LONG_AGO_MS;
    const times = { at: atMs, okAt: atMs, due: atMs + TIMINGS.pollIntervalMs };
    const fields = Object.entries(times).flatMap(([name, value]) => [name, String(value)]);
    await server.command("HSET", key, ...fields, ...outcome);
    const gates = (await server.command("KEYS", "*:gate")) as string[];
    for (const gate of gates) await server.command("DEL", gate);
  }

  function join(): Member {
    const { origin } = world.vendor;
    const slow: ConfigurationOrigin = {
      ...origin,
      async fetchOnce(current, options) {
        await new Promise((resolve) => setTimeout(resolve, ORIGIN_MS));
        return await origin.fetchOnce(current, options);
      },
    };
    return world.join({ ...TIMINGS, origin: slow });
  }

  it("serves its old configuration at once, but all workers wait for the first poll", async () => {
    await age();
    const members = [join(), join(), join()];
    const seen: number[] = [];
    for (const { client } of members) {
      client.on("configuration-changed", () => {
        seen.push(client.getIntegerAssignment("version", "alice", {}, 0));
      });
    }
    // The deadline is longer than the limit of a test.
    const results = await Promise.all(
      members.map(({ client }) => client.waitForInitialization({ timeoutMs: 3_600_000 })),
    );
    expect(seen.slice(0, 3)).toEqual([1, 1, 1]);
    expect(results.map((it) => it.ready && it.state)).toEqual(["ready", "ready", "ready"]);
    expect(members.map(({ version }) => version)).toEqual([2, 2, 2]);
    expect(world.vendor.requests).toBe(2); // one of them by the stopped fleet
  });

  it("starts with what the last job was served, although the job closed right after its start", async () => {
    await age();
    const job = join();
    await job.client.waitForInitialization();
    expect(job.version).toBe(2);
    await job.client.close();
    world.vendor.isHanging = true;
    const next = join();
    await next.client.waitForInitialization({ timeoutMs: 60_000 });
    expect(next.version).toBe(2);
  });

  it("waits until the deadline if the first poll gets no response", async () => {
    await age();
    world.vendor.isHanging = true;
    const { client } = join();
    expect(await client.waitForInitialization({ timeoutMs: 1_000 })).toMatchObject({
      ready: true,
      state: "stale",
      elapsedMs: expect.toSatisfy((ms: number) => ms >= 999),
    });
  });

  it("does not wait if the last poll before the stop failed", async () => {
    await age(["outcome", "origin-error", "status", "503", "failures", "3"]);
    world.vendor.isHanging = true;
    const { client } = join();
    expect(await client.waitForInitialization({ timeoutMs: 60_000 })).toMatchObject({
      ready: true,
      state: "stale",
      elapsedMs: expect.toSatisfy((ms: number) => ms < 30_000),
    });
    expect(client.status.lastError).toMatchObject({ httpStatus: 503 });
  });
});
