import { setTimeout as sleep } from "node:timers/promises";
import { type Client, createClient, type Diagnostics } from "@sortition/node";
import { ifWhole } from "@sortition/test-kit";
import { hasRedis, type RedisServer, startRedis } from "@sortition/test-kit/redis";
import { describe, expect, it, vi } from "vitest";
import { type RedisFleet, type RedisFleetOptions, redis } from "../../src/index.js";
import { aclCommands } from "../acl.js";
import { timed } from "../support/timed.js";
import { type PartsOrigin, partsOrigin } from "./parts-origin.js";

const SILENT: Diagnostics = { debug() {}, info() {}, warn() {}, error() {} };
const WORKERS = 8;
const TEN_MB = 10_000_000;
/** The defaults divided by 20. The work of a worker per interval stays the same. */
const TIMINGS = { pollIntervalMs: 1_500, commandTimeoutMs: 250 };
const DEFAULT_INTERVAL_SECONDS = 30;

interface Worker {
  readonly fleet: RedisFleet;
  readonly client: Client;
}

async function startWorkers(
  server: RedisServer,
  origin: PartsOrigin,
  { count = WORKERS, ...options }: Partial<RedisFleetOptions> & { readonly count?: number } = {},
): Promise<readonly Worker[]> {
  const workers = Array.from({ length: count }, () => {
    const fleet = redis(timed({ redis: server.url, origin, ...TIMINGS, ...options }));
    return { fleet, client: createClient({ source: fleet, diagnostics: SILENT }) };
  });
  for (const { client } of workers) await client.waitForInitialization({ timeoutMs: 200_000 });
  return workers;
}

async function untilAllServe(workers: readonly Worker[], version: number): Promise<void> {
  const deadlineMs = performance.now() + 200_000;
  const isServed = ({ client }: Worker): boolean =>
    client.getIntegerAssignment("version", "user-1", {}, 0) === version;
  while (!workers.every(isServed)) {
    if (performance.now() > deadlineMs) throw new Error(`version ${version} was not received`);
    await sleep(10);
  }
}

async function statistic(server: RedisServer, name: string): Promise<number> {
  const info = String(await server.command("INFO", "stats"));
  return Number(new RegExp(`${name}:(\\d+)`).exec(info)?.[1]);
}

async function closeAll(workers: readonly Worker[]): Promise<void> {
  await Promise.all(workers.map(({ client }) => client.close()));
}

describe.skipIf(!hasRedis).concurrent("the load of a fleet on Redis", () => {
  it("is at most 0.15 calls per worker and second with the default timings", async () => {
    await using server = await startRedis();
    const workers = await startWorkers(server, partsOrigin(16));
    await sleep(TIMINGS.pollIntervalMs);
    const monitor = await server.monitor();
    const startedAtMs = performance.now();
    await sleep(3 * TIMINGS.pollIntervalMs);
    // Commands inside a script are not calls.
    const calls = (): number => monitor.lines.filter((line) => /"evalsha"/i.test(line)).length;
    // On a quiet machine, there are already more.
    await vi.waitFor(() => expect(calls()).toBeGreaterThan(5 * WORKERS), 60_000);
    await monitor.stop();
    const intervals = (performance.now() - startedAtMs) / TIMINGS.pollIntervalMs;
    const perSecond = calls() / WORKERS / intervals / DEFAULT_INTERVAL_SECONDS;
    expect(perSecond).toBeLessThanOrEqual(0.15);
    await closeAll(workers);
  });

  it("is one poll of the origin per interval, even if the lease is renewed less often", async () => {
    await using server = await startRedis();
    const long = { pollIntervalMs: 300, leaseMs: 60_000, overdueAfterMs: 200_000 };
    const origin = partsOrigin(16);
    const workers = await startWorkers(server, origin, long);
    const { pollTimes } = origin;
    const [before, startedAtMs] = [pollTimes.length, performance.now()];
    await sleep(10 * long.pollIntervalMs);
    const polls = pollTimes.length - before;
    const intervals = (performance.now() - startedAtMs) / long.pollIntervalMs;
    // The poll before the first one of them may have been late.
    expect(polls).toBeLessThanOrEqual(Math.ceil(intervals) + 1);
    // A tick that only renews the lease occurs every 20 s, which is more than 60 intervals.
    await vi.waitFor(() => expect(pollTimes.length - before).toBeGreaterThan(5));
    await closeAll(workers);
  });

  ifWhole(it)(
    "transfers only the changed part, once per worker, next to an unchanged part of 10 MB",
    async () => {
      await using server = await startRedis();
      const origin = partsOrigin(TEN_MB, 1_000_000);
      const few = { count: 4, pollIntervalMs: 3_000, commandTimeoutMs: 500 };
      const workers = await startWorkers(server, origin, few);
      await untilAllServe(workers, 1);
      // The leader serves the content before it is in Redis.
      await vi.waitFor(() => {
        const revisions = new Set(workers.map(({ fleet }) => fleet.status.revision));
        expect([...revisions]).toEqual([expect.any(Number)]);
      });
      const statistics = (): Promise<readonly number[]> =>
        Promise.all(
          ["total_net_output_bytes", "total_net_input_bytes"].map((it) => statistic(server, it)),
        );
      const [readBefore = 0, writtenBefore = 0] = await statistics();
      origin.change();
      await untilAllServe(workers, 2);
      const [read = 0, written = 0] = await statistics();
      expect(written - writtenBefore).toBeLessThan(0.1 * TEN_MB);
      // The leader writes the part, and each other worker receives it once. A further read, which receives nothing, may follow.
      const times = (read - readBefore) / (written - writtenBefore);
      expect(times).toBeGreaterThan(few.count - 1.5);
      expect(times).toBeLessThan(few.count - 0.5);
      await closeAll(workers);
    },
  );

  it("contains no command outside the permissions of the shared source", async () => {
    await using server = await startRedis();
    const origin = partsOrigin(100_000);
    const monitor = await server.monitor();
    const workers = await startWorkers(server, origin);
    origin.change();
    await untilAllServe(workers, 2);
    const writes = (): number =>
      workers.reduce((sum, { fleet: { status } }) => {
        const { publishes, restores } = status.counters;
        return sum + publishes + restores;
      }, 0);
    const before = writes();
    await server.command("DEL", `sortition:{${workers[0]?.fleet.status.namespace}}:v1:config`);
    await vi.waitFor(() => expect(writes()).toBeGreaterThan(before));
    await workers.find(({ fleet }) => fleet.status.role === "leader")?.client.close();
    origin.change();
    await untilAllServe(
      workers.filter(({ client }) => client.status.state !== "closed"),
      3,
    );
    await closeAll(workers);
    await monitor.stop();
    const ours = monitor.lines.filter(
      (line) => !/"DEL" "sortition:[^"]*:config"|"MONITOR"/.test(line),
    );
    const sent = new Set(ours.map((line) => /"(\w+)"/.exec(line)?.[1]?.toLowerCase() ?? ""));
    const allowed = aclCommands(["source"]).map((command) => command.replace(/\|.*/, ""));
    expect([...sent].filter((name) => !allowed.includes(name))).toEqual([]);
    expect([...sent]).toEqual(expect.arrayContaining(["evalsha", "subscribe", "publish", "hset"]));
  });
});
