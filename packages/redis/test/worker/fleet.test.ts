import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AssignmentLogger } from "@sortition/core";
import { createClock } from "@sortition/core/internal";
import { createClient } from "@sortition/node";
import { ifWhole, patientClock } from "@sortition/test-kit";
import { hasRedis, type RedisServer, startRedis } from "@sortition/test-kit/redis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { RedisError, redis } from "../../src/index.js";
import { FleetWorld, TIMINGS, until, Vendor } from "./fleet-world.js";

/** Limit of reading a copy from disk. */
const READ_MS = 250;

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** Returns another origin whose configuration has the same keys. */
const foreign = ({ scope }: Vendor): Vendor => new Vendor(`${scope.slice(0, 12)}${"0".repeat(20)}`);

const QUICK = { pollIntervalMs: 300, leaseMs: 300, overdueAfterMs: 450, commandTimeoutMs: 100 };

describe.skipIf(!hasRedis)("redis", () => {
  let server: RedisServer;
  let world: FleetWorld;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.close());
  beforeEach(() => {
    world = new FleetWorld(server);
  });
  afterEach(() => world.close());

  it("counts nothing before it has a client", async () => {
    const fleet = redis({ redis: server.url, origin: world.vendor.origin });
    const numbers = JSON.stringify(fleet.status.counters).match(/\d+/g);
    expect(new Set(numbers)).toEqual(new Set(["0"]));
    await fleet.close();
  });

  it("makes one request for all processes, and pushes a change to them", async () => {
    const members = [world.join(), world.join(), world.join()];
    await Promise.all(members.map(({ client }) => client.waitForInitialization()));
    expect(world.vendor.requests).toBe(1);
    world.vendor.version = 2;
    await until(() => members.every(({ version }) => version === 2));
    const statuses = members.map(({ fleet }) => fleet.status);
    expect(new Set(statuses.map(({ revision }) => revision)).size).toBe(1);
    expect(new Set(statuses.map(({ sha }) => sha?.slice(0, 16)))).toEqual(
      new Set(members.map(({ client }) => client.status.revision)),
    );
    expect(statuses.filter(({ role }) => role === "leader")).toHaveLength(1);
    const leader = statuses.find(({ role }) => role === "leader");
    for (const status of statuses) {
      expect(status).toMatchObject({ leader: leader?.leader, pubsub: "on", redis: "ready" });
    }
    const published = members.flatMap(({ reports }) =>
      reports.filter(({ message }) => message === "configuration published"),
    );
    expect(published.map(({ facts }) => facts)).toEqual([
      {
        revision: expect.any(Number),
        receivers: expect.any(Number),
        sizeBytes: expect.any(Number),
      },
      { revision: leader?.revision, receivers: 3, sizeBytes: expect.any(Number) },
    ]);
  });

  it("keeps the connection of a client that is created while the fleet closes", async () => {
    const { client, fleet } = world.join();
    await client.waitForInitialization();
    const closing = fleet.close();
    const next = createClient({ source: fleet, diagnostics: SILENT });
    await closing;
    await next.waitForInitialization();
    await until(() => fleet.status.revision !== null && fleet.status.pubsub === "on");
    expect(fleet.status.redis).toBe("ready");
    await next.close();
    expect(fleet.status.redis).toBe("down");
  });

  it("resolves a leader's refresh after a poll that began after the call", async () => {
    const leader = world.join({ pollIntervalMs: 30_000 });
    for (let version = 1; version <= 3; version++) {
      await leader.client.waitForInitialization();
      world.vendor.version = version + 1;
      expect(await leader.client.refresh()).toMatchObject({ outcome: "updated" });
      expect(leader.version).toBe(version + 1);
    }
    expect(world.vendor.requests).toBe(4);
  });

  ifWhole(it)("resolves a follower's refresh when the leader has polled", async () => {
    const leader = world.join({ pollIntervalMs: 30_000 });
    await leader.client.waitForInitialization();
    const follower = world.join({ pollIntervalMs: 30_000 });
    await follower.client.waitForInitialization();
    await new Promise((resolve) => setTimeout(resolve, 1_010));
    world.vendor.version = 2;
    expect(await follower.client.refresh()).toMatchObject({ outcome: "updated" });
    expect([follower.version, world.vendor.requests]).toEqual([2, 2]);
    expect(await follower.client.refresh()).toMatchObject({ outcome: "unchanged" });
    await new Promise((resolve) => setTimeout(resolve, 1_010));
    world.vendor.status = 503;
    expect(await follower.client.refresh()).toMatchObject({
      outcome: "failed",
      error: { code: "SORTITION_HTTP_STATUS" },
    });
    expect(follower.version).toBe(2);
  });

  it("reports a failed poll to every client, and the true age to a new one", async () => {
    const leader = world.join();
    await leader.client.waitForInitialization();
    const follower = world.join();
    await follower.client.waitForInitialization();
    world.vendor.status = 401;
    await until(() => follower.client.status.lastError !== null);
    expect(follower.client.status.lastError).toMatchObject({ code: "SORTITION_UNAUTHORIZED" });
    const requests = world.vendor.requests;
    await new Promise((resolve) => setTimeout(resolve, 500));
    const joinedAtMs = performance.now();
    const newcomer = world.join();
    expect(await newcomer.client.waitForInitialization()).toMatchObject({ ready: true });
    const ages = [leader, newcomer].map(({ client }) => client.status.ageMs ?? 0);
    // An age from Redis may be too high by the time of the replies, and the two are not read at once.
    const joinMs = performance.now() - joinedAtMs;
    expect(Math.abs((ages[0] ?? 0) - (ages[1] ?? 0))).toBeLessThan(100 + joinMs);
    expect(ages[1]).toBeGreaterThan(500);
    expect(world.vendor.requests).toBe(requests);
    await until(() => newcomer.client.status.lastError !== null);
  });

  it("omits an optional part above the size limit, which other processes fetch separately", async () => {
    const options = { maxPayloadBytes: 2_000 };
    world.vendor.parts.set("cohort", Buffer.alloc(3_000, "a"));
    const leader = world.join(options);
    await leader.client.waitForInitialization();
    const follower = world.join(options);
    await follower.client.waitForInitialization();
    expect(leader.messages).toContain("payload too large for redis");
    await until(() => follower.fleet.status.sha === leader.fleet.status.sha);
    expect(follower.fleet.status).toMatchObject({ revision: leader.fleet.status.revision });
    expect(follower.fleet.status.counters.directPolls).toBe(1);
    // A change of only this part is a new revision, and costs one request of the follower.
    world.vendor.parts.set("cohort", Buffer.alloc(3_000, "b"));
    const { revision } = leader.fleet.status;
    await until(() => leader.fleet.status.revision !== revision);
    await until(() => follower.fleet.status.sha === leader.fleet.status.sha);
    expect(follower.fleet.status.counters.directPolls).toBe(2);
    // A change of the flags costs no request.
    world.vendor.version = 2;
    await until(() => follower.version === 2 && leader.version === 2);
    await until(() => follower.fleet.status.sha === leader.fleet.status.sha);
    expect(follower.fleet.status.counters.directPolls).toBe(2);
  });

  ifWhole(it)(
    "does not take an omitted part that the vendor has changed since it was named",
    async () => {
      const options = { maxPayloadBytes: 2_000 };
      const alone = world.join({ ...options, namespace: "alone" });
      await until(() => alone.fleet.status.sha !== null);
      const flagsOnly = alone.fleet.status.sha;
      world.vendor.parts.set("cohort", Buffer.alloc(3_000, "a"));
      const leader = world.join(options);
      await leader.client.waitForInitialization();
      const vendor = new Vendor(world.vendor.scope);
      vendor.parts.set("cohort", Buffer.alloc(3_000, "b"));
      const follower = world.join({ ...options, origin: vendor.origin });
      await until(() => follower.fleet.status.counters.directPolls === 2);
      expect(follower.fleet.status).toMatchObject({ role: "follower", sha: flagsOnly });
      vendor.parts.set("cohort", Buffer.alloc(3_000, "a"));
      await until(() => follower.fleet.status.sha === leader.fleet.status.sha);
    },
  );

  ifWhole(it)("restores a lost configuration with the names of the omitted parts", async () => {
    const options = { maxPayloadBytes: 2_000, pollIntervalMs: 10_000, leaseMs: 600 };
    const namespace = "omitted";
    world.vendor.parts.set("cohort", Buffer.alloc(3_000, "a"));
    const leader = world.join({ ...options, namespace });
    await leader.client.waitForInitialization();
    const follower = world.join({ ...options, namespace });
    await follower.client.waitForInitialization();
    const key = world.key(namespace, "config");
    const before = await server.command("HMGET", key, "rev", "sha", "omitted", "parts");
    // The leader must not be the one that restores, because it has the part.
    await leader.client.close();
    await server.command("DEL", key);
    await until(() => follower.fleet.status.counters.restores === 1);
    expect(await server.command("HMGET", key, "rev", "sha", "omitted", "parts")).toEqual(before);
  });

  it("publishes nothing if a required part is above the size limit, so each process polls", async () => {
    const leader = world.join({ maxPayloadBytes: 100 });
    await leader.client.waitForInitialization();
    const other = world.join({ maxPayloadBytes: 100 });
    await other.client.waitForInitialization();
    expect([leader.version, other.version]).toEqual([1, 1]);
    expect(other.fleet.status).toMatchObject({ role: "direct", revision: null, source: "origin" });
    expect(leader.fleet.status.lastError).toMatchObject({
      code: "SORTITION_REDIS_PAYLOAD_TOO_LARGE",
    });
    expect(await server.command("HGET", world.key("eppo", "config"), "rev")).toBeNull();
  });

  ifWhole(it)("starts from its disk cache while Redis and the vendor are down", async () => {
    const directory = mkdtempSync(join(tmpdir(), "sortition-redis-"));
    try {
      const own = await startRedis();
      const there = new FleetWorld(own);
      const disk = { diskCache: { directory }, clock: createClock(patientClock(READ_MS)) };
      const first = there.join({}, disk);
      await first.client.waitForInitialization();
      await until(() => hasCopy(directory));
      await there.close();
      await own.close();
      there.vendor.status = 503;
      const second = there.join({}, disk);
      await until(() => second.version === 1);
      expect(second.client.status).toMatchObject({ state: "stale", source: "disk" });
      expect(await second.client.waitForInitialization()).toMatchObject({ ready: true });
      await there.close();
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it("adopts the stored revision for a copy from disk with the same bytes", async () => {
    const directory = mkdtempSync(join(tmpdir(), "sortition-redis-"));
    try {
      const leader = world.join();
      await leader.client.waitForInitialization();
      const first = world.join(
        {},
        { diskCache: { directory }, clock: createClock(patientClock(READ_MS)) },
      );
      await first.client.waitForInitialization();
      await until(() => hasCopy(directory));
      await first.client.close();
      const second = world.join(
        {},
        { diskCache: { directory }, clock: createClock(patientClock(READ_MS)) },
      );
      await until(() => second.fleet.status.revision === leader.fleet.status.revision);
      expect(second.fleet.status.counters.reads).toBe(0);
      expect(second.client.status).toMatchObject({ state: "ready" });
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it("shares a namespace with another origin, each with its own configuration", async () => {
    const owner = world.join({ namespace: "both" });
    await owner.client.waitForInitialization();
    const others = new FleetWorld(server);
    others.vendor.version = 7;
    const other = others.join({ namespace: "both" });
    await other.client.waitForInitialization();
    await until(() => [owner, other].every(({ fleet }) => fleet.status.role === "leader"));
    expect([owner.version, other.version]).toEqual([1, 7]);
    expect(other.fleet.status).toMatchObject({ namespace: "both", lastError: null });
    await others.close();
  });

  it("polls directly if its keys belong to another origin, and writes nothing there", async () => {
    const owner = world.join({ namespace: "shared" });
    await owner.client.waitForInitialization();
    const strangers = new FleetWorld(server, foreign(world.vendor));
    strangers.vendor.version = 7;
    const stranger = strangers.join({ namespace: "shared" });
    await stranger.client.waitForInitialization();
    expect(stranger.version).toBe(7);
    expect(stranger.fleet.status).toMatchObject({
      role: "direct",
      lastError: { code: "SORTITION_REDIS_NAMESPACE_CONFLICT" },
    });
    expect(stranger.messages).toContain("namespace belongs to another source");
    expect(owner.version).toBe(1);
    await strangers.close();
  });

  it("redis §6 fault 55: a namespace stays with its owner when Redis loses everything", async () => {
    // A leader ticks after a third of its lease.
    const owner = world.join({ namespace: "kept", leaseMs: 900, overdueAfterMs: 1_350 });
    await owner.client.waitForInitialization();
    const strangers = new FleetWorld(server, foreign(world.vendor));
    const stranger = strangers.join({ namespace: "kept", tickMs: 50 });
    await stranger.client.waitForInitialization();
    const { revision } = owner.fleet.status;
    for (let i = 0; i < 3; i++) {
      await server.command("FLUSHALL");
      await until(() => owner.fleet.status.counters.restores === i + 1);
      expect(await server.command("HGET", world.key("kept", "config"), "scope")).toBe(
        world.vendor.scope,
      );
      expect(stranger.fleet.status).toMatchObject({
        ...{ role: "direct", fence: null, counters: { publishes: 0 } },
      });
    }
    expect(owner.fleet.status).toMatchObject({
      ...{ role: "leader", revision, fence: expect.stringMatching(/^[1-9]\d*$/) },
    });
    await strangers.close();
  });

  it("redis §6 fault 55: another origin takes over a namespace when its owner is gone", async () => {
    const owner = world.join({ namespace: "left" });
    await owner.client.waitForInitialization();
    const strangers = new FleetWorld(server, foreign(world.vendor));
    const stranger = strangers.join({ namespace: "left", ...QUICK });
    await until(() => stranger.fleet.status.role === "direct");
    await owner.client.close();
    await server.command("FLUSHALL");
    await until(() => stranger.fleet.status.role === "leader");
    await until(() => stranger.fleet.status.counters.publishes === 1);
    await strangers.close();
  });

  it("redis §6 fault 13: never polls with `hold` while Redis is down, and reports that to a refresh", async () => {
    const own = await startRedis();
    const there = new FleetWorld(own);
    const member = there.join({ whenRedisDown: "hold" });
    await member.client.waitForInitialization();
    await own.close();
    const { requests } = there.vendor;
    await until(() => member.fleet.status.redis === "down");
    await new Promise((resolve) => setTimeout(resolve, 2 * TIMINGS.pollIntervalMs));
    expect(await member.client.refresh()).toMatchObject({ outcome: "failed" });
    expect([there.vendor.requests, member.version]).toEqual([requests, 1]);
    await there.close();
  });

  it.each([
    { by: "a message", pubsub: true },
    { by: "its ticks", pubsub: false },
  ])(
    "redis §6 fault 33: repairs a stored part that a new worker finds damaged, as the leader learns by $by",
    async ({ pubsub }) => {
      const leader = world.join({ namespace: "damaged", pubsub });
      await leader.client.waitForInitialization();
      await server.command("HSET", world.key("damaged", "config"), "part:flags", "{}");
      const newcomer = world.join({ namespace: "damaged" });
      expect(await newcomer.client.waitForInitialization()).toMatchObject({ ready: true });
      expect(newcomer.messages).toContain("stored payload corrupt");
      await until(() => leader.fleet.status.counters.publishes === 2);
      await until(() => newcomer.fleet.status.revision === leader.fleet.status.revision);
      const third = world.join({ namespace: "damaged" });
      await third.client.waitForInitialization();
      expect(third.fleet.status.source).toBe("redis");
      expect(third.fleet.status.counters.corrupt).toBe(0);
    },
  );

  ifWhole(it)("reports how overdue the next poll is now, not at the last tick", async () => {
    const { client, fleet } = world.join({ pollIntervalMs: 300_000, leaseMs: 4_500 });
    await client.waitForInitialization();
    await client.refresh(); // the first poll has ended
    await client.refresh(); // a tick after it
    await until(() => Number(fleet.status.overdueMs) < -100_000);
    const { overdueMs: before } = fleet.status;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(Number(fleet.status.overdueMs) - Number(before)).toBeGreaterThan(150);
  });

  it.each(["dedupe", "outbox"] as const)(
    "does not connect for %s without a logger",
    async (use) => {
      const fleet = redis({ redis: server.url, namespace: "n" });
      for (const logger of [undefined, null, {}]) {
        expect(() => fleet[use](logger as unknown as AssignmentLogger)).toThrow(
          /^logger: expected/,
        );
      }
      expect(fleet.status.redis).toBe("down");
      await fleet.close();
    },
  );

  it("is rejected as the source of a client if it has no origin", async () => {
    const fleet = redis({ redis: server.url, namespace: "n" });
    expect(() => createClient({ source: fleet })).toThrow("source: this fleet has no origin");
    expect(() => createClient({ source: fleet, apiKey: "key" })).toThrow(/^apiKey|^source/);
    expect(fleet.status).toMatchObject({ role: "stopped", redis: "down" });
    await fleet.close();
  });

  it("reports errors of Redis as its own", async () => {
    const member = world.join({ redis: "redis://127.0.0.1:1" });
    await until(() => member.fleet.status.lastError !== null);
    expect(member.fleet.status.lastError?.code).toBe("SORTITION_REDIS_UNREACHABLE");
    expect(await member.client.waitForInitialization()).toMatchObject({ ready: true });
    expect(new RedisError("SORTITION_REDIS_FENCED", "m").code).toBe("SORTITION_REDIS_FENCED");
  });
});

/** Whether a client has written its configuration. */
function hasCopy(directory: string): boolean {
  return readdirSync(directory).some((name) => name.endsWith(".cache"));
}
