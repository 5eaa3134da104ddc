import { type AssignmentEvent, Configuration, createClient } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import {
  type AssignmentLogger,
  claimReceipt,
  createVendorLogger,
  type Receipt,
} from "@sortition/core/internal";
import { ifWhole, waitInTurns } from "@sortition/test-kit";
import { flagsPayload, splitFlag } from "@sortition/test-kit/flags";
import { hasRedis, type RedisServer, startRedis, startTcpProxy } from "@sortition/test-kit/redis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createDedupe } from "../../src/dedupe/dedupe.js";
import { redis } from "../../src/index.js";
import { createOutbox } from "../../src/outbox/outbox.js";
import { assignment, banditAction } from "../support/events.js";
import { createTestHost, type TestHost, TOO_LONG_MS } from "../support/fleet-services.js";

/** Creates a configuration with a flag that assigns the same variation to all subjects, and logs it. */
function configuration(): Configuration {
  const flag = splitFlag({ key: "flag", name: "all", shares: { on: 100 } });
  const flags = JSON.stringify(flagsPayload("eppo", [flag]));
  return Configuration.from({ dialect: eppo(), payloads: { flags } });
}

/** Creates a logger that only records its events. */
function recorder(changes: Partial<AssignmentLogger> = {}): AssignmentLogger & { ids: string[] } {
  const ids: string[] = [];
  return {
    name: "warehouse",
    ids,
    logAssignment: ({ messageId }) => void ids.push(messageId),
    logBanditAction: ({ messageId }) => void ids.push(messageId),
    ...changes,
  };
}

describe.skipIf(!hasRedis)("fleet.dedupe", () => {
  let server: RedisServer;
  let hosts: TestHost[];
  const host = (url = server.url, commandTimeoutMs?: number): TestHost => {
    const made = createTestHost(url, { commandTimeoutMs });
    hosts.push(made);
    return made;
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

  it("redis §6 fault 37: logs an exposure once in a fleet, and a bandit action separately from its assignment", async () => {
    const loggers = [recorder(), recorder(), recorder(), recorder()];
    const patient = () => host(server.url, TOO_LONG_MS);
    const dedupes = loggers.map((logger) => createDedupe(patient(), logger));
    for (const dedupe of dedupes) {
      for (let i = 0; i < 2_500; i++) dedupe.logAssignment(assignment(`subject-${i}`));
      dedupe.logBanditAction(banditAction("subject-1"));
    }
    for (const dedupe of dedupes) {
      expect(await dedupe.flush({ timeoutMs: TOO_LONG_MS })).toMatchObject({ ok: true });
    }
    const ids = loggers.flatMap((logger) => logger.ids);
    expect([ids.length, new Set(ids).size]).toEqual([2_501, 2_501]);
    const stats = dedupes.map((dedupe) => dedupe.stats());
    for (const { accepted, delivered, asked, unasked } of stats) {
      expect([accepted, delivered, asked, unasked]).toEqual([2_501, 2_501, 2_501, 0]);
    }
    expect(stats.reduce((sum, { suppressed }) => sum + suppressed, 0)).toBe(3 * 2_501);
    expect(hosts[0]?.counters.dedupe[0]?.()).toMatchObject({ asked: 2_501 });
    for (const dedupe of dedupes) expect(await dedupe.close()).toMatchObject({ ok: true });
  });

  it("stores no subject in plain text, and keeps logged exposures for the given time", async () => {
    const dedupe = createDedupe(host(), recorder(), { ttlMs: 100_000 });
    dedupe.logAssignment(assignment("alice@example.com"));
    await dedupe.close();
    const [key] = (await server.command("KEYS", "*")) as string[];
    expect(key).toMatch(/^sortition:\{test:[0-9a-f]\}:v1:seen:[\w-]{22}$/);
    expect(await server.command("GET", key as string)).toBe("1");
    const ttlMs = Number(await server.command("PTTL", key as string));
    expect(ttlMs).toBeGreaterThan(90_000);
    expect(ttlMs).toBeLessThanOrEqual(100_000);
  });

  it("deduplicates for each logger separately", async () => {
    const [a, b] = [recorder({ name: "a" }), recorder({ name: "b" })];
    const dedupes = [a, b].map((logger) => createDedupe(host(), logger));
    for (const dedupe of dedupes) dedupe.logAssignment(assignment("alice"));
    for (const dedupe of dedupes) await dedupe.flush();
    expect([a.ids, b.ids]).toEqual([["id-alice"], ["id-alice"]]);
  });

  it("redis §6 fault 37: logs without asking Redis while it cannot be reached, and asks it again afterwards", async () => {
    const own = await startRedis();
    const logger = recorder();
    const one = host(own.url);
    const dedupe = createDedupe(one, logger);
    dedupe.logAssignment(assignment("a"));
    await dedupe.flush();
    await own.kill();
    dedupe.logAssignment(assignment("a"));
    expect(await dedupe.flush()).toMatchObject({ ok: true, delivered: 1 });
    expect(logger.ids).toEqual(["id-a", "id-a"]);
    expect(dedupe.stats()).toMatchObject({ asked: 1, unasked: 1 });
    await own.start();
    await vi.waitFor(async () => {
      dedupe.logAssignment(assignment("b"));
      await dedupe.flush();
      expect(dedupe.stats().suppressed).toBeGreaterThan(0);
    }, 200_000);
    expect(one.reports).toEqual([
      "warn exposures logged without dedupe",
      "warn exposures deduplicated again",
    ]);
    await dedupe.close();
    await own.close();
  });

  it("redis §6 fault 37: logs an exposure again if its process died between claim and delivery", async () => {
    const victim = host();
    const hung = recorder({ logAssignment: () => new Promise(() => {}) });
    const dying = createDedupe(victim, hung, { claimMs: 60_000 });
    dying.logAssignment(assignment("alice"));
    const keys = async () => (await server.command("KEYS", "*")) as readonly string[];
    await vi.waitFor(async () => expect(await keys()).toHaveLength(1));
    victim.close(); // simulates its death
    const logger = recorder();
    const other = createDedupe(host(), logger);
    const log = async (): Promise<void> => {
      other.logAssignment(assignment("alice"));
      await other.flush();
    };
    await log();
    expect([logger.ids, other.stats().suppressed]).toEqual([[], 1]);
    const [key = ""] = await keys();
    expect(await server.command("PTTL", key)).toBeLessThanOrEqual(60_000);
    await server.command("DEL", key); // as if this time had passed
    for (let i = 0; i < 2; i++) await log();
    expect(logger.ids).toEqual(["id-alice"]);
    await dying.close({ timeoutMs: 1 });
  });

  it("logs exposures without asking Redis if its queue is full", async () => {
    const logger = recorder();
    const dedupe = createDedupe(host(), logger, { maxPending: 10 });
    for (let i = 0; i < 100; i++) dedupe.logAssignment(assignment(`${i}`));
    expect(logger.ids).toHaveLength(90);
    expect(await dedupe.flush()).toMatchObject({ ok: true, delivered: 10 });
    expect(dedupe.stats()).toMatchObject({ accepted: 100, delivered: 100, unasked: 90, asked: 10 });
    expect(hosts[0]?.reports).toEqual(["warn exposure queue full"]);
  });

  it.each(["flush", "close"] as const)(
    "ends a %s when the caller's time limit has passed",
    async (end) => {
      const dedupe = createDedupe(host(), recorder({ flush: () => new Promise(() => {}) }));
      dedupe.logAssignment(assignment("subject"));
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 100);
      await dedupe[end]({ timeoutMs: TOO_LONG_MS, signal: controller.signal });
      await dedupe.close({ timeoutMs: 1 });
    },
  );

  it("renews the claim of an exposure that the logger holds, and confirms it when it is delivered", async () => {
    let receipt: Receipt | null = null;
    const logAssignment = (): void => {
      receipt = claimReceipt();
    };
    const dedupe = createDedupe(host(), recorder({ logAssignment }), { claimMs: 9_000 });
    dedupe.logAssignment(assignment("alice"));
    await dedupe.flush();
    const [key] = (await server.command("KEYS", "*")) as string[];
    const leftMs = async (): Promise<number> => Number(await server.command("PTTL", key as string));
    // It decreases until the claim is renewed.
    let lowestMs = await leftMs();
    await vi.waitFor(async () => {
      const [nowMs, beforeMs] = [await leftMs(), lowestMs];
      lowestMs = Math.min(nowMs, beforeMs);
      expect(nowMs).toBeGreaterThan(beforeMs);
    });
    expect(await server.command("GET", key as string)).toBe("0");
    expect(dedupe.stats()).toMatchObject({ delivered: 0, buffered: 1 });
    (receipt as Receipt | null)?.settle("delivered");
    expect(await dedupe.flush()).toMatchObject({ ok: true });
    expect(await server.command("GET", key as string)).toBe("1");
    expect(dedupe.stats()).toMatchObject({ delivered: 1, buffered: 0 });
  });

  it.each([
    { what: "lost", isLasting: false, left: [] },
    { what: "refused because of its content", isLasting: true, left: ["1"] },
  ])(
    "lets processes log an exposure that was $what again: only if a later attempt may succeed",
    async ({ isLasting, left }) => {
      const logAssignment = (): void => claimReceipt()?.settle("dropped", isLasting);
      const dedupe = createDedupe(host(), recorder({ logAssignment }));
      dedupe.logAssignment(assignment("alice"));
      await dedupe.flush();
      const keys = (await server.command("KEYS", "*")) as string[];
      const values = await Promise.all(keys.map((key) => server.command("GET", key)));
      expect(values).toEqual(left);
      expect(dedupe.stats()).toMatchObject({ dropped: 1, droppedBy: { downstream: 1 } });
    },
  );

  it("logs an exposure again that the logger behind it lost, with the same ID", async () => {
    const ids: string[] = [];
    const receipts: (Receipt | null)[] = [];
    const logger = recorder({
      logAssignment({ messageId }) {
        ids.push(messageId);
        receipts.push(claimReceipt());
      },
    });
    const client = createClient({
      initialConfiguration: configuration(),
      assignmentLogger: createDedupe(host(), logger, { flushMs: 1 }),
    });
    const evaluate = async (): Promise<void> => {
      client.getStringAssignment("flag", "alice", {}, "none");
      await client.flush();
    };
    await evaluate();
    await evaluate();
    expect(ids).toHaveLength(1);
    receipts[0]?.settle("failed");
    await evaluate();
    expect(ids).toEqual([ids[0], ids[0]]);
    receipts[1]?.settle("delivered");
    await evaluate();
    expect(ids).toHaveLength(2);
    const { totals } = await client.close();
    expect(totals).toMatchObject({ accepted: 2, delivered: 1, failed: 1, pending: 0 });
  });

  it("counts exposures for which the logger throws or rejects, and lets their claims expire", async () => {
    const logger = recorder({
      logAssignment: ({ subject }) => {
        if (subject === "a") throw new Error("no");
        return Promise.reject(new Error("no"));
      },
    });
    const one = host();
    const dedupe = createDedupe(one, logger, { claimMs: 200 });
    for (const subject of ["a", "b"]) dedupe.logAssignment(assignment(subject));
    expect(await dedupe.flush()).toMatchObject({ ok: false, failed: 2 });
    // DBSIZE counts expired keys for a while.
    await vi.waitFor(async () => expect(await server.command("KEYS", "*")).toEqual([]));
  });

  it("is refused as the logger of an outbox, which would store duplicates", async () => {
    await using own = await startRedis();
    const fleet = redis({ redis: own.url, namespace: "test" });
    const logger = fleet.dedupe(recorder());
    expect(() => fleet.outbox(logger)).toThrow("write fleet.dedupe(fleet.outbox(logger))");
    await fleet.close();
  });

  ifWhole(it.each(["responds", "connects too late", "stops responding"]))(
    "passes all exposures on to an outbox if the fleet is closed first and Redis %s",
    async (what) => {
      await using own = await startRedis();
      await using proxy = await startTcpProxy(own.port);
      if (what === "connects too late") proxy.blackHole();
      const fleet = redis({ redis: proxy.url, namespace: "test" });
      const logger = recorder();
      const outbox = fleet.outbox(logger);
      // Wrapped, like in an application that adds something to each event.
      const dedupes = ["a", "b", "c"].map((name) => {
        const logAssignment = (event: AssignmentEvent): void => outbox.logAssignment(event);
        return fleet.dedupe(recorder({ name, logAssignment }));
      });
      if (what !== "connects too late") {
        await vi.waitFor(() => expect(fleet.status.redis).toBe("ready"), 200_000);
      }
      if (what === "stops responding") proxy.blackHole();
      for (const [i, dedupe] of dedupes.entries()) {
        // More than there may be in flight.
        for (let j = 0; j < 3_000; j++) dedupe.logAssignment(assignment(`subject-${i}-${j}`));
      }
      await fleet.close();
      for (const logger of [...dedupes, outbox]) {
        expect(logger.stats()).toMatchObject({ dropped: 0, failed: 0, buffered: 0 });
      }
      // A call without a reply may have stored some that the logger received too, with the same IDs.
      const stored = await own.command("XRANGE", "sortition:{test}:v1:outbox", "-", "+");
      const ids = JSON.stringify(stored).match(/id-subject-\d-\d+/g) ?? [];
      expect(new Set([...ids, ...logger.ids]).size).toBe(9_000);
    },
  );

  ifWhole(it)(
    "hands over everything to an outbox that it owns before its time limit, while Redis does not respond",
    async () => {
      await using own = await startRedis();
      const one = host(own.url);
      const logger = recorder();
      const outbox = createOutbox(one, logger);
      const dedupe = createDedupe(one, outbox);
      await one.link.settled();
      own.pause();
      for (let i = 0; i < 300; i++) dedupe.logAssignment(assignment(`subject-${i}`));
      await dedupe.close({ timeoutMs: 900 });
      expect(logger.ids).toHaveLength(300);
      expect(outbox.stats()).toMatchObject({ delivered: 300, dropped: 0 });
    },
  );

  it("closes the fleet when Redis does not respond, without waiting for its commands", async () => {
    const own = await startRedis();
    const waiting = { commandTimeoutMs: TOO_LONG_MS, connectTimeoutMs: TOO_LONG_MS };
    const fleet = redis({ redis: own.url, namespace: "test", ...waiting });
    const dedupes = [1, 2, 3].map((i) => fleet.dedupe(recorder({ name: `logger-${i}` })));
    const outbox = fleet.outbox(recorder());
    for (const logger of [...dedupes, outbox]) logger.logAssignment(assignment("a"));
    own.pause();
    await fleet.close();
    own.resume();
    await own.close();
  });

  it("closes the connection with its fleet, although its logger hangs", async () => {
    const fleet = redis({ redis: server.url, namespace: "test" });
    const dedupe = fleet.dedupe(recorder({ flush: () => new Promise(() => {}) }), { flushMs: 1 });
    dedupe.logAssignment(assignment("alice"));
    await vi.waitFor(() => expect(dedupe.stats().asked).toBe(1));
    void dedupe.flush({ timeoutMs: 2_000 });
    await fleet.close();
    expect(fleet.status.redis).toBe("down");
  });

  it("stops using a logger that accepted an exposure after the close and does not deliver it", async () => {
    let take = (): void => {};
    const flush = vi.fn(async () => ({ ok: false }));
    const logAssignment = (): Promise<void> =>
      new Promise((resolve) => {
        take = resolve;
      });
    const dedupe = createDedupe(host(), recorder({ logAssignment, flush }), { claimMs: 100 });
    dedupe.logAssignment(assignment("alice"));
    await dedupe.close({ timeoutMs: 100 });
    take();
    await waitInTurns(100);
    const calls = flush.mock.calls.length;
    await waitInTurns(300);
    expect(flush.mock.calls.length).toBe(calls);
  });

  it("adds the losses and buffered events of the logger behind it to a client's status and totals", async () => {
    const own = await startRedis();
    const [near, far] = [host(), host(own.url)];
    const outbox = createOutbox(far, recorder(), { maxPending: 3, deliver: false });
    const dedupe = createDedupe(near, outbox);
    const client = createClient({
      dialect: eppo(),
      initialConfiguration: configuration(),
      assignmentLogger: dedupe,
    });
    await own.kill();
    for (let i = 0; i < 10; i++) client.getStringAssignment("flag", `subject-${i}`, {}, "none");
    await client.flush({ timeoutMs: 300 });
    const { downstream } = client.status.counters.exposures.loggers["dedupe"] ?? {};
    expect(outbox.stats()).toMatchObject({ dropped: 7, buffered: 3, failing: true });
    expect(downstream).toMatchObject({ accepted: 10, delivered: 0, dropped: 7, buffered: 3 });
    expect(downstream).toMatchObject({ failing: true, asked: 10 });
    const { totals } = await client.close({ timeoutMs: 300 });
    expect(totals).toMatchObject({ accepted: 10, delivered: 0, dropped: 7, pending: 3 });
    await own.close();
  });

  it("adds for each of two clients what the logger behind both did with its own events", async () => {
    const silent = { debug() {}, info() {}, warn() {}, error() {} };
    const inner = createVendorLogger<string>(
      { diagnostics: silent, onError() {} },
      {
        ...{ name: "warehouse", owned: false, readers: {}, build: ({ event }) => event.subject },
        plan: () => ({
          ...{ maxInFlight: 100, handOverAt: 1, flushIntervalMs: 0 },
          open: () => ({
            send: (subject, settle) =>
              subject.startsWith("b") ? settle.failed(new Error("no")) : settle.delivered(),
            flush: async () => {},
          }),
        }),
      },
    );
    const clients = ["a", "b"].map((which) => {
      const client = createClient({
        initialConfiguration: configuration(),
        diagnostics: silent,
        assignmentLogger: createDedupe(host(), inner, { name: `dedupe ${which}` }),
      });
      for (let i = 0; i < 5; i++) client.getStringAssignment("flag", `${which}${i}`, {}, "d");
      return client;
    });
    for (const client of clients) await client.flush({ timeoutMs: 3_000 });
    const totals = [];
    for (const client of clients) totals.push((await client.flush({ timeoutMs: 3_000 })).totals);
    expect(totals).toEqual([
      { accepted: 5, delivered: 5, failed: 0, dropped: 0, pending: 0 },
      { accepted: 5, delivered: 0, failed: 5, dropped: 0, pending: 0 },
    ]);
  });

  it.each([
    { what: "is missing", stats: undefined },
    {
      what: "throws",
      stats: () => {
        throw new Error("no figures");
      },
    },
    { what: "does not return an object", stats: () => null as never },
    {
      what: "returns values that are not numbers",
      stats: () => ({ dropped: "3", failed: Number.NaN, buffered: -1 }),
    },
  ])("uses only its own counters when the logger's stats() $what", async ({ stats }) => {
    const dedupe = createDedupe(host(), recorder(stats === undefined ? {} : { stats }));
    dedupe.logAssignment(assignment("alice"));
    await dedupe.flush();
    const zeros = { failed: 0, dropped: 0, buffered: 0, failing: false };
    expect(dedupe.stats()).toMatchObject({ accepted: 1, delivered: 1, ...zeros });
    await dedupe.close();
  });

  it("closes a logger that it owns after flushing it", async () => {
    const calls: string[] = [];
    const logger = recorder({
      owned: true,
      flush: () => void calls.push("flush"),
      close: () => void calls.push("close"),
    });
    const dedupe = createDedupe(host(), logger);
    dedupe.logAssignment(assignment("alice"));
    const closing = dedupe.close();
    expect(dedupe.close()).toBe(closing);
    expect(await closing).toMatchObject({ ok: true, delivered: 1 });
    expect(calls.at(-1)).toBe("close");
    expect(calls.filter((call) => call === "close")).toHaveLength(1);
    expect(hosts[0]?.reports).toEqual([]);
  });
});
