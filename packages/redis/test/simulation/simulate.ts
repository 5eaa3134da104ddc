import { setTimeout as sleep } from "node:timers/promises";
import { createClock } from "@sortition/core/internal";
import type { RedisServer } from "@sortition/test-kit/redis";
import { Redis } from "ioredis";
import { Connections } from "../../src/connection/connections.js";
import { Subscriber } from "../../src/connection/subscriber.js";
import { checkOptions } from "../../src/options/settings.js";
import { simulatedOrigin } from "./origin.js";
import { SimulatedWorker } from "./simulated-worker.js";
import type { LinkTimes } from "./timed-link.js";

/** Size of a simulation. */
export interface SimulationOptions {
  /** Number of followers, without the leader. */
  readonly followers: number;
  /**
   * Number of connections for commands, and of connections for subscriptions, which the workers
   * share.
   */
  readonly connections: number;
  readonly intervals: number;
  readonly failOvers: number;
  /** Should be a tenth of the default. The work of a worker per interval stays the same. */
  readonly pollIntervalMs: number;
  /** Whether the leader follows a stream of the origin. */
  readonly isStreaming?: boolean;
}

/** Results of a simulation. */
export interface SimulationFigures {
  /** Pauses between consecutive requests to the origin, in intervals. */
  readonly pausesInIntervals: readonly number[];
  readonly requests: number;
  /** Number of opened streams, and the maximum that were open at the same time. */
  readonly streams: { readonly opened: number; readonly most: number };
  /** Longest time from a publish until the last worker had the revision, ms. */
  readonly slowestChangeMs: number;
  /** Number of workers that do not have the newest revision at the end. */
  readonly behind: number;
  /** Polls by workers that did not lead. */
  readonly directPolls: number;
  /** Redis errors of all workers. */
  readonly redisErrors: number;
  /** Per worker and interval, excluding changes. */
  readonly callsPerInterval: number;
  readonly bytesPerInterval: number;
  /** Processor time of Redis. */
  readonly cpuSecondsPerInterval: number;
  /** Per worker and change, in addition to those per interval. */
  readonly callsPerChange: number;
  readonly bytesPerChange: number;
  /** Processor time of Redis per isolated call. Pipelined calls are cheaper. */
  readonly cpuMsPerCall: number;
  /** Duration of a tick, in intervals without a change. */
  readonly tickP50Ms: number;
  readonly tickP99Ms: number;
  /** Memory of Redis per worker, for two connections. */
  readonly memoryBytesPerWorker: number;
}

/** Number of intervals before quiet intervals are measured, and number of measured ones. */
const WARM_UP_INTERVALS = 1;
const QUIET_INTERVALS = 2;
const MEMORY_PROBES = 100;

/** Simulates a fleet against one redis-server. */
export async function simulate(
  server: RedisServer,
  {
    connections,
    failOvers,
    followers,
    intervals,
    isStreaming = false,
    pollIntervalMs,
  }: SimulationOptions,
): Promise<SimulationFigures> {
  const memoryBytesPerWorker = await measureMemory(server);
  const origin = simulatedOrigin();
  const redis = server.url;
  const commandTimeoutMs = Math.floor(pollIntervalMs / 6);
  const settings = checkOptions({ redis, origin, pollIntervalMs, commandTimeoutMs });
  const clock = createClock();
  const pools = Array.from(
    { length: connections },
    () => new Connections(redis, settings, { clock, random: Math.random }),
  );
  const times: LinkTimes = { calls: 0, ticksMs: [] };
  const workers: SimulatedWorker[] = [];
  const published = new Map<number, number>();
  let slowestChangeMs = 0;
  const onApply = (revision: number | null, startedAtMs: number): void => {
    const atMs = published.get(revision ?? 0);
    // A process that was started later reads what is already stored.
    if (atMs === undefined || atMs < startedAtMs) return;
    slowestChangeMs = Math.max(slowestChangeMs, performance.now() - atMs);
  };
  /** Starts a process in place of the previous one. */
  const start = (index: number): void => {
    const link = pools[index % connections]?.commands;
    if (link === undefined) throw new Error("a simulation needs connections");
    const streaming = isStreaming ? origin.streaming() : null;
    const worker = new SimulatedWorker({
      ...{ settings, link, times, onApply },
      origin: streaming ?? origin,
      onKill: () => streaming?.cut(),
    });
    workers[index] = worker;
    worker.start();
  };
  const ends = pools.map((pool) => pool.begin());
  const subscribers = pools.map(
    (pool, i) =>
      new Subscriber(pool.single("subscriber"), settings.namespace.shared.changed, clock, {
        message(text) {
          const [kind, revision] = text.split(" ");
          if (i === 0 && kind === "c") published.set(Number(revision), performance.now());
          for (let w = i; w < workers.length; w += connections) workers[w]?.message(text);
        },
        subscribed() {},
        refused() {},
      }),
  );
  for (const subscriber of subscribers) subscriber.open();
  await until(() => pools.every((pool) => pool.commands.isReady));
  await until(() => subscribers.every(({ state }) => state === "on"));

  for (let i = 0; i < followers + 1; i++) start(i);
  await until(() => workers.every(({ worker }) => worker.state.revision !== null));
  await sleep(WARM_UP_INTERVALS * pollIntervalMs);

  times.ticksMs.length = 0;
  const quiet = await measure(server, times, () => sleep(QUIET_INTERVALS * pollIntervalMs));
  const inOrder = times.ticksMs.slice().sort((a, b) => a - b);
  const share = (figure: number): number => figure / QUIET_INTERVALS / (followers + 1);
  const rest = intervals - WARM_UP_INTERVALS - QUIET_INTERVALS;
  const failOverAt = new Set(Array.from({ length: failOvers }, (_, i) => 2 * i + 1));
  const busy = await measure(server, times, async () => {
    for (let i = 0; i < rest; i++) {
      origin.change();
      const beforeMs = Math.random() * 0.8 * pollIntervalMs;
      await sleep(beforeMs);
      if (failOverAt.has(i)) {
        const leader = workers.findIndex(({ isLeader }) => isLeader);
        workers[leader]?.kill();
        start(leader);
      }
      await sleep(pollIntervalMs - beforeMs);
    }
  });
  // By now, every worker has received the last publish, by a tick if not by a message.
  await sleep(2 * settings.tickMs);

  const newest = Math.max(...workers.map(({ worker }) => worker.state.revision ?? 0));
  const behind = workers.filter(({ worker }) => worker.state.revision !== newest).length;
  const changes = published.size - 1;
  const perChange = (busyFigure: number, quietFigure: number): number =>
    (busyFigure - (quietFigure / QUIET_INTERVALS) * rest) / changes / (followers + 1);
  const sum = (figure: (worker: SimulatedWorker) => number): number =>
    workers.reduce((total, worker) => total + figure(worker), 0);
  const figures = {
    pausesInIntervals: origin.askedAtMs
      .slice(1)
      .map((atMs, i) => (atMs - (origin.askedAtMs[i] ?? 0)) / pollIntervalMs),
    requests: origin.askedAtMs.length,
    streams: { ...origin.streams },
    slowestChangeMs,
    behind,
    directPolls: sum(({ counters }) => counters.directPolls),
    redisErrors: sum(({ counters }) =>
      Object.values(counters.redisErrors).reduce((total, count) => total + count, 0),
    ),
    callsPerInterval: share(quiet.calls),
    bytesPerInterval: share(quiet.bytes),
    cpuSecondsPerInterval: share(quiet.cpuMs) / 1_000,
    callsPerChange: perChange(busy.calls, quiet.calls),
    bytesPerChange: perChange(busy.bytes, quiet.bytes),
    cpuMsPerCall: quiet.cpuMs / quiet.calls,
    tickP50Ms: inOrder[Math.floor(inOrder.length / 2)] ?? 0,
    tickP99Ms: inOrder[Math.floor(inOrder.length * 0.99)] ?? 0,
    memoryBytesPerWorker,
  };
  for (const worker of workers) worker.kill();
  for (const subscriber of subscribers) subscriber.close();
  for (const end of ends) end();
  return figures;
}

interface Load {
  readonly calls: number;
  readonly bytes: number;
  readonly cpuMs: number;
}

/** Measures what Redis has done for the workers while `work` ran. */
async function measure(
  server: RedisServer,
  times: LinkTimes,
  work: () => Promise<unknown>,
): Promise<Load> {
  const before = await loadOf(server, times);
  await work();
  const after = await loadOf(server, times);
  return {
    calls: after.calls - before.calls,
    bytes: after.bytes - before.bytes,
    cpuMs: after.cpuMs - before.cpuMs,
  };
}

async function loadOf(server: RedisServer, { calls }: LinkTimes): Promise<Load> {
  const info = await infoOf(server);
  const cpuSeconds = info("used_cpu_user") + info("used_cpu_sys");
  const bytes = info("total_net_input_bytes") + info("total_net_output_bytes");
  return { calls, bytes, cpuMs: cpuSeconds * 1_000 };
}

/** Measures the memory that Redis needs for two connections of a worker. */
async function measureMemory(server: RedisServer): Promise<number> {
  const before = (await infoOf(server))("used_memory");
  const clients = Array.from({ length: 2 * MEMORY_PROBES }, () => new Redis(server.url));
  await Promise.all(
    clients.map((client, i) =>
      i % 2 === 0 ? client.ping() : client.subscribe("sortition:{probe}:v1:changed"),
    ),
  );
  const after = (await infoOf(server))("used_memory");
  for (const client of clients) client.disconnect();
  return (after - before) / MEMORY_PROBES;
}

async function infoOf(server: RedisServer): Promise<(name: string) => number> {
  const text = String(await server.command("INFO"));
  const facts = new Map(text.split("\r\n").map((line) => line.split(":") as [string, string]));
  return (name) => Number(facts.get(name));
}

async function until(isReached: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + 200_000;
  while (!isReached()) {
    if (performance.now() > deadlineMs) throw new Error("the simulated fleet did not start");
    await sleep(20);
  }
}
