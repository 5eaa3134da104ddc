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
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createOutbox } from "../../src/outbox/outbox.js";
import { assignment } from "../support/events.js";
import { createTestHost } from "../support/fleet-services.js";
import { linesOfFile } from "./logged-lines.js";
import { outboxCounts } from "./outbox-counts.js";
import type { OutboxWorkerOptions } from "./outbox-worker.js";

const cwd = fileURLToPath(new URL("../..", import.meta.url));
const entry = fileURLToPath(new URL("outbox-worker.ts", import.meta.url));
const RUNS = 25;
const AT_A_TIME = 4;
/** Takes about a minute, and longer on a busy machine. */
const TIMEOUT_MS = 600_000;
const MAX_LIFE_MS = 400;
const OUTBOX = { flushMs: 5, minIdleMs: 150, maxDeliveries: 5 };

/** Results of one run. */
interface Run {
  readonly acknowledged: number;
  readonly appended: number;
  readonly delivered: number;
  readonly repeated: number;
}

/**
 * Processes that log and deliver exposures are killed at random moments, and replaced. At the end,
 * one process that is not killed delivers the rest.
 */
describe.skipIf(!hasRedis)("an outbox whose processes are killed", () => {
  let server: RedisServer;
  let folder: string;

  beforeAll(async () => {
    server = await startRedis();
    folder = mkdtempSync(join(tmpdir(), "sortition-outbox-"));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await server.close();
  });

  it(
    `redis §6 fault 39: loses nothing that a flush has acknowledged, in ${RUNS} runs`,
    async () => {
      let next = 0;
      const runs: Run[] = [];
      const runAll = async (): Promise<void> => {
        while (next < RUNS) runs.push(await runOnce(server, folder, next++));
      };
      await Promise.all(Array.from({ length: AT_A_TIME }, runAll));
      expect(runs).toHaveLength(RUNS);
      const sum = (name: keyof Run): number => runs.reduce((total, run) => total + run[name], 0);
      // At least this many were acknowledged, so the kills had an effect.
      expect(sum("acknowledged")).toBeGreaterThan(RUNS * 10);
      expect(sum("appended")).toBeGreaterThan(sum("acknowledged"));
      expect(sum("repeated")).toBeGreaterThan(0);
      expect(sum("delivered")).toBeGreaterThanOrEqual(sum("acknowledged"));
    },
    TIMEOUT_MS,
  );

  it("redis §6 fault 39: moves an exposure that ends every process to the dead stream after five deliveries, and no others", async () => {
    const namespace = "crash";
    const files = { logged: join(folder, "logged"), acknowledged: join(folder, "none") };
    writeFileSync(files.logged, "");
    const host = createTestHost(server.url, { namespace });
    const producer = createOutbox(host, { logAssignment() {} }, { deliver: false });
    const subjects = Array.from({ length: 50 }, (_, i) => (i === 20 ? "crash" : `${i}`));
    for (const subject of subjects) producer.logAssignment(assignment(subject));
    await producer.close();
    host.close();
    const options: OutboxWorkerOptions = {
      ...{ redis: server.url, namespace, logger: "write", ...files },
      outbox: OUTBOX,
    };
    for (let death = 1; death <= 5; death++) {
      const worker = await startWorker({ entry, cwd, options });
      void worker.ask("deliver").catch(() => {});
      expect(await worker.ended).toMatchObject({ signal: "SIGKILL" });
      expect(await outboxCounts(server, namespace)).toMatchObject({ dead: 0 });
    }
    const last = await startWorker({ entry, cwd, options });
    await last.ask("deliver");
    await vi.waitFor(
      async () =>
        expect(await outboxCounts(server, namespace)).toEqual({
          ...{ appended: 50, delivered: 49, dead: 1, left: 0 },
        }),
      60_000,
    );
    const logged = linesOfFile(files.logged);
    expect(new Set(logged).size).toBe(49);
    expect(last.isRunning).toBe(true);
    last.kill("SIGKILL");
  });
});

async function runOnce(server: RedisServer, parent: string, index: number): Promise<Run> {
  const namespace = `run-${index}`;
  const folder = mkdtempSync(join(parent, "run-"));
  const files = { logged: join(folder, "logged"), acknowledged: join(folder, "acknowledged") };
  for (const file of Object.values(files)) writeFileSync(file, "");
  const logger = index % 4 < 2 ? "write" : "buffer";
  const aliases = index % 2 === 1 ? { ioredis: "ioredis5" } : {};
  const start = (changes: object): Promise<WorkerProcess> => {
    const options: OutboxWorkerOptions = {
      ...{ redis: server.url, namespace, logger, maxPauseMs: 20 },
      ...files,
      ...changes,
    };
    return startWorker({ entry, cwd, options, aliases });
  };
  const kill = async (worker: WorkerProcess): Promise<void> => {
    await worker.event(({ name }) => name === "started");
    await wait(Math.random() * MAX_LIFE_MS);
    worker.kill("SIGKILL");
    await worker.ended;
    expect(worker.events.map(({ name }) => name)).toEqual(["started"]);
  };

  const produce = async (name: string): Promise<void> => {
    const worker = await start({ outbox: { ...OUTBOX, deliver: index % 3 === 0 } });
    const perFlush = 1 + Math.floor(Math.random() * 100);
    void worker.ask("produce", { prefix: name, perFlush }).catch(() => {});
    await kill(worker);
  };
  const consume = async (): Promise<void> => {
    const worker = await start({ outbox: OUTBOX });
    void worker.ask("deliver").catch(() => {});
    await kill(worker);
  };
  const names = index % 2 === 0 ? ["a"] : ["a", "b"];
  await Promise.all(names.flatMap((name) => [produce(name), consume()]));

  // The last process logs one exposure that its logger never accepts, and delivers the rest.
  const host = createTestHost(server.url, { namespace });
  const last: string[] = [];
  const outbox = createOutbox(
    host,
    {
      name: "warehouse",
      logAssignment({ messageId, subject }) {
        if (subject === "poison") throw new Error("poison");
        last.push(messageId);
      },
    },
    OUTBOX,
  );
  outbox.logAssignment(assignment("poison"));
  outbox.logAssignment(assignment("last"));
  await vi.waitFor(async () => {
    const counts = await outboxCounts(server, namespace);
    expect(counts.appended).toBe(counts.delivered + counts.dead + counts.left);
    expect(counts).toMatchObject({ left: 0, dead: 1 });
  }, 60_000);
  expect(await outbox.close()).toMatchObject({ ok: true });
  host.close();

  const lines = linesOfFile(files.acknowledged);
  const laws = lines.filter((line) => line.startsWith("{"));
  const acknowledged = lines.filter((line) => line.startsWith("id-"));
  for (const law of laws) {
    const { accepted, appended, buffered, dropped, failed } = JSON.parse(law) as Record<
      string,
      number
    >;
    expect(accepted).toBe((appended ?? 0) + (buffered ?? 0) + (dropped ?? 0) + (failed ?? 0));
  }
  const logged = [...linesOfFile(files.logged), ...last];
  const distinct = new Set(logged);
  expect(acknowledged.filter((id) => !distinct.has(id))).toEqual([]);
  const { appended, delivered, dead } = await outboxCounts(server, namespace);
  // Each exposure was appended once, because Redis was never down. Repeated ones were delivered
  // twice.
  expect([distinct.size + dead, delivered + dead]).toEqual([appended, appended]);
  rmSync(folder, { recursive: true });
  return {
    ...{ acknowledged: acknowledged.length, appended, delivered },
    repeated: logged.length - distinct.size,
  };
}
