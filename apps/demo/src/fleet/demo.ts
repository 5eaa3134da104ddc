import { setTimeout as sleep } from "node:timers/promises";
import { hasRedis, type RedisServer, startRedis } from "@sortition/test-kit/redis";
import { Fleet, type FleetWorker } from "./fleet.js";
import { createScreen, type Screen } from "./screen.js";
import { BOUNDS, TIMINGS } from "./timings.js";
import { startVendor, type Vendor } from "./vendor.js";
import { mostPolls, Verdict } from "./verdict.js";

const WAIT_MS = 15_000;
const CLOSE_MS = 2_000;
const { pollIntervalMs: INTERVAL_MS } = TIMINGS;

/** Parts of a running demo. */
interface Stage {
  readonly fleet: Fleet;
  readonly vendor: Vendor;
  readonly server: RedisServer;
  readonly screen: Screen;
  readonly verdict: Verdict;
}

/** Runs a fleet of processes through faults that it must survive. Resolves to the exit code. */
export async function runFleetDemo(workers: number): Promise<number> {
  if (!hasRedis) {
    console.error(
      "demo: no redis-server found. Install one (apt-get install redis-server, brew install redis), or set REDIS_SERVER_BIN",
    );
    return 2;
  }
  const server = await startRedis();
  const vendor = await startVendor();
  const screen = createScreen(process.stdout);
  const fleet = new Fleet([server.url, vendor.url], () => screen.show(fleet.workers));
  const stage = { fleet, vendor, server, screen, verdict: new Verdict() };
  try {
    await play(stage, workers);
  } finally {
    const stuck = await fleet.close(CLOSE_MS);
    if (stuck > 0) stage.verdict.fail(`${stuck} processes did not end on their own`);
    stage.verdict.end();
    await server.close();
    vendor.close();
  }
  return conclude(stage);
}

/** Runs all steps. Each prints its measurements next to their bounds. */
async function play(stage: Stage, workers: number): Promise<void> {
  const { fleet, screen, server, vendor, verdict } = stage;
  const startedAtMs = performance.now();
  for (let i = 0; i < workers; i++) fleet.start();
  await until("all workers are ready", stage, () => fleet.reachedAllAtMs(1) !== null);
  const first = verdict.atMost("requests of a cold start", vendor.requestsAtMs.length, 1);
  screen.print(
    `1. ${workers} processes started on an empty Redis. All were ready after ` +
      `${since(startedAtMs)}; requests to the vendor: ${first}.`,
  );

  await until("one worker leads", stage, () => fleet.leader !== null);
  await sleep(2 * INTERVAL_MS);
  await change(2, "2. Normal operation", stage);

  await killLeader(stage);
  await change(4, "4. With the new leader", stage);
  const shared = { fromMs: startedAtMs, toMs: performance.now(), deaths: 1, polls: 0 };
  shared.polls = vendor.requestsAtMs.length;
  countPolls("   So far", shared, stage);

  await stopRedis(stage);
  screen.print("6. Redis restarts, empty.");
  const backAtMs = performance.now();
  await server.start();
  await until("all workers have one revision", stage, () => haveOneRevision(fleet.running));
  const restored = performance.now() - backAtMs;
  screen.print(
    `   The fleet has one leader and one revision after ${verdict.within("after an empty restart", restored, BOUNDS.restoredMs)}.`,
  );
  const again = { fromMs: performance.now(), polls: vendor.requestsAtMs.length };
  await change(6, "7. Normal operation again", stage);
  await sleep(INTERVAL_MS);
  const polls = vendor.requestsAtMs.length - again.polls;
  countPolls("   Since then", { ...again, toMs: performance.now(), deaths: 0, polls }, stage);
  screen.print(totals(startedAtMs, workers, vendor));
}

/** Publishes a release, and waits until all workers have received it through Redis. */
async function change(release: number, title: string, stage: Stage): Promise<void> {
  const { fleet, screen, vendor, verdict } = stage;
  const changedAtMs = performance.now();
  vendor.publish(release);
  await until(
    `release ${release} has reached all workers`,
    stage,
    () => fleet.reachedAllAtMs(release) !== null,
  );
  const reachedAtMs = fleet.reachedAllAtMs(release) ?? Number.POSITIVE_INFINITY;
  const servedAtMs = vendor.servedAtMs.get(release) ?? changedAtMs;
  const spread = verdict.within(
    `release ${release}, from the vendor's response to the last worker`,
    reachedAtMs - servedAtMs,
    BOUNDS.propagationMs,
  );
  screen.print(
    `${title}: release ${release} was polled after ${Math.round(servedAtMs - changedAtMs)} ms, ` +
      `and reached all workers ${spread} later.`,
  );
}

/** Kills the leader, starts another worker, and then changes the configuration. */
async function killLeader(stage: Stage): Promise<void> {
  const { fleet, screen, vendor, verdict } = stage;
  const { leader } = fleet;
  if (leader === null) throw new Error("no worker leads");
  const killedAtMs = performance.now();
  await fleet.kill(leader);
  screen.print(`3. SIGKILL to the leader, ${leader.name}.`);
  await until("another worker leads", stage, () => fleet.leader !== null);
  const gap = verdict.within("fail-over", performance.now() - killedAtMs, BOUNDS.failOverMs);
  screen.print(`   ${fleet.leader?.name} leads after ${gap}.`);
  const newcomer = fleet.start();
  const bornAtMs = performance.now();
  const served = Math.max(...vendor.servedAtMs.keys());
  await until("the new worker is ready", stage, () => newcomer.last?.release === served);
  const asked = verdict.atMost("requests of a new worker", newcomer.last?.requests ?? 0, 0);
  screen.print(
    `   ${newcomer.name} replaces it, and is ready after ${since(bornAtMs)}; its requests to the vendor: ${asked}.`,
  );
  await change(3, "   The next change", stage);
}

/** Stops Redis and changes the configuration, so that each worker polls on its own. */
async function stopRedis(stage: Stage): Promise<void> {
  const { fleet, screen, server, vendor, verdict } = stage;
  await server.kill();
  const downAtMs = performance.now();
  const before = vendor.requestsAtMs.length;
  screen.print("5. SIGKILL to Redis. The last configuration stays in use.");
  vendor.publish(5);
  await until("release 5 has reached all workers", stage, () => fleet.reachedAllAtMs(5) !== null);
  const reachedAtMs = fleet.reachedAllAtMs(5) ?? Number.POSITIVE_INFINITY;
  const took = verdict.within("release 5 without Redis", reachedAtMs - downAtMs, BOUNDS.directMs);
  const most = fleet.running.length * mostPolls(performance.now() - downAtMs, INTERVAL_MS, 0);
  const polls = verdict.atMost("requests without Redis", vendor.requestsAtMs.length - before, most);
  screen.print(
    `   Release 5 reached all workers after ${took}; requests in the meantime: ${polls}.`,
  );
}

interface Window {
  readonly fromMs: number;
  readonly toMs: number;
  /** Number of leaders that died during this time. */
  readonly deaths: number;
  readonly polls: number;
}

function countPolls(title: string, { deaths, fromMs, polls, toMs }: Window, stage: Stage): void {
  const windowMs = toMs - fromMs;
  const most = mostPolls(windowMs, INTERVAL_MS, deaths);
  const text = stage.verdict.atMost("requests of the fleet", polls, most);
  stage.screen.print(`${title}: ${text} requests in ${(windowMs / 1_000).toFixed(1)} s.`);
}

function totals(startedAtMs: number, workers: number, vendor: Vendor): string {
  const elapsedMs = performance.now() - startedAtMs;
  const unshared = workers * (1 + Math.floor(elapsedMs / INTERVAL_MS));
  return (
    `\nIn ${(elapsedMs / 1_000).toFixed(1)} s, the vendor received ${vendor.requestsAtMs.length} requests, including those without Redis. ` +
    `Without a shared configuration, ${workers} processes would have sent ${unshared}.`
  );
}

function conclude({ fleet, verdict }: Stage): number {
  for (const breach of fleet.breaches) verdict.fail(breach);
  if (verdict.broken.length === 0) {
    console.log("No worker returned to an older release, and all bounds were met.");
    return 0;
  }
  console.log(`BROKEN:\n${verdict.broken.map((it) => `  ${it}`).join("\n")}`);
  return 1;
}

function haveOneRevision(workers: readonly FleetWorker[]): boolean {
  const revisions = new Set(workers.map(({ last }) => last?.revision ?? null));
  const leaders = workers.filter(({ last }) => last?.role === "leader");
  return revisions.size === 1 && !revisions.has(null) && leaders.length === 1;
}

function since(atMs: number): string {
  return `${Math.round(performance.now() - atMs)} ms`;
}

/** Waits for a condition. Throws if it takes too long. */
async function until(what: string, { fleet }: Stage, isReached: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + WAIT_MS;
  while (!isReached()) {
    const [breach] = fleet.breaches;
    if (breach !== undefined) throw new Error(breach);
    if (performance.now() > deadlineMs) {
      throw new Error(`not true within ${WAIT_MS / 1_000} s: ${what}`);
    }
    await sleep(10);
  }
}
