import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import {
  hasRedis,
  type RedisServer,
  startRedis,
  startWorker,
  type WorkerProcess,
} from "@sortition/test-kit/redis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createStickyBuckets } from "../../src/sticky/sticky-buckets.js";
import { createTestHost } from "../support/fleet-services.js";
import { linesOfFile } from "./logged-lines.js";
import { outboxCounts } from "./outbox-counts.js";
import type { UsesWorkerOptions } from "./uses-worker.js";

const cwd = fileURLToPath(new URL("../..", import.meta.url));
/** Maximum wait. Generous for slow machines; passing tests never wait this long. */
const PATIENCE_MS = 200_000;
const entry = fileURLToPath(new URL("uses-worker.ts", import.meta.url));

/** Faults 37, 38 and 39 of docs/spec/redis.md, with separate processes. */
describe.skipIf(!hasRedis)("the uses of a fleet, under faults", () => {
  let server: RedisServer;
  let folder: string;
  let workers: WorkerProcess[];

  /** Every second process has the older version of ioredis. */
  const start = async (options: Partial<UsesWorkerOptions> = {}): Promise<WorkerProcess> => {
    const worker = await startWorker({
      ...{ entry, cwd },
      aliases: workers.length % 2 === 1 ? { ioredis: "ioredis5" } : {},
      options: {
        ...{ redis: server.url, namespace: "test", logger: "write" },
        ...{ logged: join(folder, "logged"), acknowledged: join(folder, "acknowledged") },
        ...options,
      },
    });
    workers.push(worker);
    return worker;
  };
  const startMany = async (
    count: number,
    options?: Partial<UsesWorkerOptions>,
  ): Promise<readonly WorkerProcess[]> => {
    const started: WorkerProcess[] = [];
    for (let i = 0; i < count; i++) started.push(await start(options));
    return started;
  };
  const logged = (): readonly string[] => linesOfFile(join(folder, "logged"));

  beforeAll(async () => {
    server = await startRedis();
  });
  beforeEach(() => {
    workers = [];
    folder = mkdtempSync(join(tmpdir(), "sortition-uses-"));
    for (const file of ["logged", "acknowledged"]) writeFileSync(join(folder, file), "");
  });
  afterEach(async () => {
    const faults = workers.flatMap(({ events }) => events.filter(({ name }) => name !== "started"));
    for (const worker of workers) worker.kill("SIGKILL");
    const ends = await Promise.all(workers.map(({ ended }) => ended));
    rmSync(folder, { recursive: true });
    await server.command("FLUSHALL");
    expect(faults).toEqual([]);
    expect(ends.map(({ stdout }) => stdout).join("")).toBe("");
  });
  afterAll(() => server.close());

  it("redis §6 fault 37: logs 10,000 exposures of four processes once each", async () => {
    const four = await startMany(4);
    const request = { count: 10_000, flushMs: 40_000 };
    const answers = await Promise.all(four.map((worker) => worker.ask("dedupe", request)));
    expect([logged().length, new Set(logged()).size]).toEqual([10_000, 10_000]);
    for (const answer of answers) {
      expect(answer).toMatchObject({
        summary: { ok: true },
        stats: { accepted: 10_000, delivered: 10_000, asked: 10_000, unasked: 0, buffered: 0 },
      });
    }
  });

  it("redis §6 fault 37: logs each exposure at least once while Redis is down", async () => {
    const own = await startRedis();
    const two = await startMany(2, { redis: own.url });
    const request = { count: 500, flushMs: 40_000 };
    await two[0]?.ask("dedupe", request);
    await own.kill();
    await two[1]?.ask("dedupe", request);
    expect([logged().length, new Set(logged()).size]).toEqual([1_000, 500]);
    await own.close();
  });

  it("redis §6 fault 37: logs an exposure again if its process died between claim and delivery", async () => {
    const claimMs = 3_000;
    const dedupe = { claimMs, flushMs: 5 };
    const [victim, other] = [await start({ dedupe, logger: "hang" }), await start({ dedupe })];
    void victim.ask("dedupe", { count: 20, flushMs: 10_000 }).catch(() => {});
    await vi.waitFor(async () => expect(await server.command("DBSIZE")).toBe(20), PATIENCE_MS);
    victim.kill("SIGKILL");
    const request = { count: 20, flushMs: 1_000 };
    expect(await other.ask("dedupe", request)).toMatchObject({ stats: { suppressed: 20 } });
    expect(logged()).toEqual([]);
    await wait(claimMs);
    await other.ask("dedupe", request);
    expect(logged()).toHaveLength(20);
    await other.ask("dedupe", request);
    expect(logged()).toHaveLength(20);
  });

  it("redis §6 fault 38: keeps the sticky assignments of two processes, and those that could not be loaded", async () => {
    const two = await startMany(2);
    const keys = ["first__0", "second__0"];
    const saved = two.map((worker, i) => worker.ask("stick", { count: 300, key: keys[i] }));
    expect(await Promise.all(saved)).toEqual([true, true]);
    const host = createTestHost(server.url);
    const store = createStickyBuckets(host);
    for (let i = 0; i < 300; i++) {
      const document = await store.getAssignments("id", `${i}`);
      expect(document?.assignments).toEqual({ first__0: "1", second__0: "1" });
    }
    host.close();

    server.pause();
    const late = createTestHost(server.url, { commandTimeoutMs: 300 });
    const blind = createStickyBuckets(late, { flushMs: 5 });
    expect(await blind.getAllAssignments({ id: "0" })).toEqual({});
    void blind.saveAssignments({
      ...{ attributeName: "id", attributeValue: "0" },
      assignments: { first__0: "2", third__0: "2" },
    });
    server.resume();
    await vi.waitFor(async () => {
      const document = await blind.getAssignments("id", "0");
      expect(document?.assignments).toEqual({ first__0: "1", second__0: "1", third__0: "2" });
      expect(await blind.flush()).toBe(true);
    }, PATIENCE_MS);
    late.close();
  });

  it("redis §6 fault 39: delivers everything that Redis has acknowledged, whichever process is killed, and moves poison to the dead stream", async () => {
    // A consumer that a busy machine delays for this long is treated as killed, too.
    const outbox = { flushMs: 10, minIdleMs: 2_000, maxDeliveries: 5 };
    const producer = await start({ outbox: { ...outbox, deliver: false } });
    const consumers = await startMany(2, { outbox });
    for (const consumer of consumers) await consumer.ask("deliver");
    void producer.ask("produce", { prefix: "a", perFlush: 200 }).catch(() => {});
    const acknowledged = (): readonly string[] =>
      linesOfFile(join(folder, "acknowledged")).filter((line) => line.startsWith("id-"));
    const untilAcknowledged = (count: number): Promise<void> =>
      vi.waitFor(() => expect(acknowledged().length).toBeGreaterThan(count), PATIENCE_MS);
    await untilAcknowledged(200);
    consumers[0]?.kill("SIGKILL");
    await untilAcknowledged(acknowledged().length + 200);
    producer.kill("SIGKILL");
    await producer.ended;
    const third = await start({ outbox });
    const subjects = ["poison", ...Array.from({ length: 1_000 }, (_, i) => `b-${i}`)];
    const answer = await third.ask("log", subjects);
    expect(answer).toMatchObject({ summary: { ok: true, delivered: 1_001 } });
    await vi.waitFor(async () => {
      const counts = await outboxCounts(server);
      expect(counts).toMatchObject({ left: 0, dead: 1 });
      expect(counts.appended).toBe(counts.delivered + 1);
    }, PATIENCE_MS);
    expect(logged()).toEqual(expect.arrayContaining([...acknowledged()]));
    expect(logged()).toEqual(expect.arrayContaining(subjects.slice(1).map((it) => `id-${it}`)));
    // Exposures that a killed consumer was delivering are delivered twice, with the same id.
    expect(logged().length - new Set(logged()).size).toBeLessThanOrEqual(200);
  });
});
