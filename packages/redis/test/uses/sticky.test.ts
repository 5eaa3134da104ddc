import { hasRedis, type RedisServer, startRedis, startTcpProxy } from "@sortition/test-kit/redis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { RedisStickyBuckets, type StickyBuckets } from "../../src/sticky/sticky-buckets.js";
import { createTestHost, type TestHost, TOO_LONG_MS } from "../support/fleet-services.js";

const alice = { attributeName: "id", attributeValue: "alice" };
const DAY_MS = 86_400_000;

describe.skipIf(!hasRedis)("fleet.stickyBuckets", () => {
  let server: RedisServer;
  let hosts: TestHost[];
  const open = (
    options: ConstructorParameters<typeof RedisStickyBuckets>[1] = {},
    url = server.url,
    // With a shorter timeout, a blocked event loop would look like a Redis that does not respond.
    commandTimeoutMs = 400,
  ): StickyBuckets => {
    const host = createTestHost(url, { commandTimeoutMs });
    hosts.push(host);
    return new RedisStickyBuckets(host, { flushMs: 5, ...options });
  };
  const stored = async (): Promise<Record<string, string>> => {
    const [key] = (await server.command("KEYS", "*:sticky:id||alice")) as string[];
    if (key === undefined) return {};
    const flat = (await server.command("HGETALL", key)) as string[];
    return Object.fromEntries(
      flat.flatMap((name, i) => (i % 2 === 0 ? [[name, flat[i + 1] as string]] : [])),
    );
  };

  beforeAll(async () => {
    server = await startRedis();
  });
  beforeEach(() => {
    hosts = [];
  });
  afterEach(async () => {
    for (const { close } of hosts) close();
    await server.command("FLUSHALL");
  });
  afterAll(() => server.close());

  it("stores assignments for all processes, for 180 days", async () => {
    const [one, two] = [open(), open()];
    expect(await one.getAllAssignments({ id: "alice", deviceId: "d1" })).toEqual({});
    await one.saveAssignments({ ...alice, assignments: { exp__0: "1" } });
    const document = { ...alice, assignments: { exp__0: "1" } };
    expect(await two.getAllAssignments({ id: "alice", deviceId: "d1" })).toEqual({
      [two.getKey("id", "alice")]: document,
    });
    expect(await two.getAssignments("id", "alice")).toEqual(document);
    expect(await two.getAssignments("id", "bob")).toBeNull();
    const [key] = (await server.command("KEYS", "*")) as string[];
    expect(key).toMatch(/^sortition:\{test:[0-9a-f]\}:v1:sticky:id\|\|alice$/);
    const ttlMs = Number(await server.command("PTTL", key as string));
    expect(ttlMs).toBeGreaterThan(179 * DAY_MS);
    for (const store of [one, two]) await store.close();
  });

  it("sends no command if there are no attributes", async () => {
    const store = open();
    const { lines, stop } = await server.monitor();
    expect(await store.getAllAssignments({})).toEqual({});
    await stop();
    expect(lines.filter((line) => /HGETALL/i.test(line))).toEqual([]);
  });

  it("redis §6 fault 38: loses no update in 1,000 saves of two experiments by two processes for the same subjects", async () => {
    const stores = [open(), open()];
    const subjects = Array.from({ length: 500 }, (_, i) => `subject-${i}`);
    await Promise.all(
      stores.map(async (store, worker) => {
        await Promise.all(subjects.map((id) => store.getAllAssignments({ id })));
        await Promise.all(
          subjects.map((id) =>
            store.saveAssignments({
              ...{ attributeName: "id", attributeValue: id },
              assignments: { [`exp-${worker}__0`]: `${worker}` },
            }),
          ),
        );
      }),
    );
    const third = open();
    for (const id of subjects) {
      const document = await third.getAssignments("id", id);
      expect(document?.assignments).toEqual({ "exp-0__0": "0", "exp-1__0": "1" });
    }
  });

  it("saves only changes, only the newest value of each, and returns them immediately", async () => {
    const store = open({ flushMs: 50 });
    await store.getAllAssignments({ id: "alice" });
    const { lines, stop } = await server.monitor();
    void store.saveAssignments({ ...alice, assignments: { a__0: "1" } });
    const saved = store.saveAssignments({ ...alice, assignments: { a__0: "2", b__0: "1" } });
    const shown = await store.getAssignments("id", "alice");
    expect(shown?.assignments).toEqual({ a__0: "2", b__0: "1" });
    await saved;
    await store.saveAssignments({ ...alice, assignments: { a__0: "2", b__0: "1" } });
    await store.saveAssignments({ ...alice, assignments: { a__0: "2", b__0: "3" } });
    await vi.waitFor(() => expect(lines.join("\n")).toContain('"b__0" "3"'));
    await stop();
    const saves = lines.filter((line) => /lua.*"HSET"/i.test(line));
    expect(saves.map((line) => line.replace(/.*\|\|alice" /, ""))).toEqual([
      '"a__0" "2"',
      '"b__0" "1"',
      '"b__0" "3"',
    ]);
    expect(await stored()).toEqual({ a__0: "2", b__0: "3" });
  });

  it("redis §6 fault 38: returns the last known assignments while Redis is down, and replaces none that it could not load", async () => {
    const writer = open();
    await writer.getAllAssignments({ id: "alice" });
    await writer.saveAssignments({ ...alice, assignments: { exp__0: "control" } });
    const proxy = await startTcpProxy(server.port);
    const store = open({}, proxy.url);
    const seen = { attributeName: "id", attributeValue: "bob" };
    await store.getAllAssignments({ id: "bob" });
    await store.saveAssignments({ ...seen, assignments: { exp__0: "1" } });
    proxy.blackHole();
    // An unknown subject is neither an error nor treated as having no assignments, which would
    // overwrite those in Redis.
    expect(await store.getAllAssignments({ id: "alice" })).toEqual({});
    const bob = { ...seen, assignments: { exp__0: "1" } };
    expect(await store.getAllAssignments({ id: "bob" })).toEqual({
      [store.getKey("id", "bob")]: bob,
    });
    await store.saveAssignments({ ...alice, assignments: { exp__0: "treatment", other__0: "1" } });
    proxy.pass();
    await vi.waitFor(
      async () => expect(await stored()).toEqual({ exp__0: "control", other__0: "1" }),
      30_000,
    );
    const document = await store.getAssignments("id", "alice");
    expect(document?.assignments).toEqual({ exp__0: "control", other__0: "1" });
    expect(hosts[1]?.reports).toEqual([
      "warn sticky assignments unreachable",
      "warn sticky assignments reachable again",
    ]);
    await store.close();
    await proxy.close();
  });

  it("saves pending assignments when it closes, within its deadline", async () => {
    const store = open({ flushMs: 60_000 });
    void store.saveAssignments({ ...alice, assignments: { exp__0: "1" } });
    await store.close();
    expect(await stored()).toEqual({ exp__0: "1" });
    const own = await startRedis();
    const other = open({}, own.url, TOO_LONG_MS);
    await other.getAllAssignments({ id: "alice" });
    own.pause();
    void other.saveAssignments({ ...alice, assignments: { exp__0: "1" } });
    await other.close({ timeoutMs: 200 });
    own.resume();
    await own.close();
  });

  it("drops new subjects when its queue is full", async () => {
    const own = await startRedis();
    const store = open({ maxPending: 2 }, own.url);
    await own.kill();
    for (const id of ["a", "b", "c"]) {
      void store.saveAssignments({
        ...{ attributeName: "id", attributeValue: id },
        assignments: { exp__0: "1" },
      });
    }
    expect(hosts[0]?.reports[0]).toBe("warn sticky assignments dropped");
    await store.close({ timeoutMs: 100 });
    await own.close();
  });
});
