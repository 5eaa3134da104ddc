import { hasRedis, type RedisServer, startRedis } from "@sortition/test-kit/redis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { RedisFleetOptions } from "../../src/index.js";
import { FleetWorld, type Member, until } from "./fleet-world.js";

/** So long that only the first poll is due during a test. */
const pollIntervalMs = 60_000;

describe.skipIf(!hasRedis)("a fleet whose origin has a stream", () => {
  let server: RedisServer;
  let world: FleetWorld;
  let count = 0;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.close());
  beforeEach(() => {
    world = new FleetWorld(server);
  });
  afterEach(() => world.close());

  /** Starts members, and waits until they are ready. The leader is the first one. */
  async function join(
    members: number,
    options: Partial<RedisFleetOptions> = {},
  ): Promise<Member[]> {
    count += 1;
    const namespace = `streaming-${count}`;
    const joined: Member[] = [];
    for (let i = 0; i < members; i++) {
      const origin = world.vendor.streamingOrigin;
      const member = world.join({ pollIntervalMs, namespace, origin, ...options });
      await member.client.waitForInitialization();
      joined.push(member);
    }
    await until(() => joined[0]?.fleet.stream?.isUp === true);
    return joined;
  }

  const allServe = (members: readonly Member[], version: number): Promise<void> =>
    until(() => members.every((member) => member.version === version));

  /** Makes the last poll a second older, so that the test need not wait. */
  const passSecond = (): Promise<unknown> =>
    server.command("HINCRBY", world.key(`streaming-${count}`, "poll"), "at", "-1000");

  it("redis §6 fault 56: all workers share one stream and one request, and a change is pushed to them", async () => {
    // On a busy machine, the leader may miss the renewal of a short lease. No follower reads Redis without a push.
    const timings = { leaseMs: 6_000, tickMs: pollIntervalMs };
    const members = await join(4, { timings, commandTimeoutMs: 2_000 });
    for (let version = 2; version <= 6; version++) {
      await passSecond();
      world.vendor.push();
      await allServe(members, version);
    }
    const { opened, requests, streams } = world.vendor;
    expect({ opened, requests, open: streams.size }).toEqual({ opened: 1, requests: 1, open: 1 });
    expect(new Set(members.map(({ fleet }) => fleet.status.revision)).size).toBe(1);
  });

  it("redis §6 fault 57: the first change of a burst is served immediately, the others once per second", async () => {
    const [leader, ...others] = await join(2);
    if (leader === undefined) throw new Error("no leader");
    const { polls } = leader.fleet.status.counters;
    const startedAtMs = performance.now();
    await passSecond();
    for (let i = 0; i < 25; i++) {
      world.vendor.push();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await allServe([leader, ...others], 26);
    const seconds = Math.ceil((performance.now() - startedAtMs) / 1_000);
    const made = leader.fleet.status.counters.polls.ok - polls.ok;
    expect(made).toBeGreaterThanOrEqual(2);
    expect(made).toBeLessThanOrEqual(1 + seconds);
    expect(world.vendor.requests).toBe(1);
  });

  it("redis §6 fault 58: a change is served without waiting for a request that hangs", async () => {
    const members = await join(2);
    world.vendor.isHanging = true;
    await passSecond();
    // The stream is up for the first time, which is a hint to request earlier changes.
    const refreshed = members[0]?.client.refresh({ timeoutMs: 20_000 });
    await until(() => world.vendor.requests === 2);
    world.vendor.push();
    await allServe(members, 2);
    expect(await refreshed).toMatchObject({ outcome: "updated" });
    expect(members[0]?.client.status.lastError).toBeNull();
  });

  it("makes no request if the stream starts with all payloads", async () => {
    world.vendor.beginsWithAll = true;
    const members = await join(2);
    await passSecond();
    world.vendor.push();
    await allServe(members, 2);
    expect(world.vendor.requests).toBe(0);
  });

  it("reports the stream in the leader's status only", async () => {
    const [leader, follower] = await join(2);
    expect(leader?.client.status.stream).toMatchObject({ isUp: true, opened: 1, lost: 0 });
    expect(follower?.client.status.stream).toBeNull();
  });

  it("ends the stream with the leader in the same turn, and starts the next one with a request", async () => {
    const [leader, follower] = await join(2);
    const { vendor } = world;
    const closing = leader?.client.close();
    expect(vendor.streams.size).toBe(0);
    await closing;
    await until(() => follower?.fleet.stream?.isUp === true);
    expect([vendor.opened, vendor.requests]).toEqual([2, 2]);
    await passSecond();
    vendor.push();
    await until(() => follower?.version === 2);
    expect(vendor.requests).toBe(2);
  });

  it("redis §6 fault 59: reopens the stream with a request when another worker has led in between", async () => {
    const options = { timings: { leaseMs: 600 } };
    const [leader] = await join(1, options);
    const { vendor } = world;
    // That worker published newer content than this one received.
    vendor.version = 2;
    await server.command("HSET", world.key(`streaming-${count}`, "fence"), "owner", "another");
    await until(() => leader?.version === 2);
    await until(() => leader?.fleet.stream?.isUp === true);
    expect([vendor.opened, vendor.requests]).toEqual([2, 2]);
  });

  it("redis §6 fault 60: keeps the previous configuration when the dialect rejects a change, and sends a request", async () => {
    const members = await join(2);
    const { vendor } = world;
    await passSecond();
    vendor.push("{}");
    await until(() => members[0]?.fleet.status.counters.rejected === 1);
    expect(members.map(({ version }) => version)).toEqual([1, 1]);
    await passSecond();
    void members[0]?.client.refresh();
    await allServe(members, 2);
    expect(vendor.requests).toBe(2);
  });
});
