import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startVendor } from "@sortition/test-kit/redis";
import { expect, it } from "vitest";
import { Fleet, KEYS, LASTING, TIMINGS } from "../../support/fleet.js";
import { busyMs, countByWorker, gapsOf, noiseMs, wait } from "../../support/times.js";

const { pollIntervalMs, tickMs } = TIMINGS;

/** Declares scenarios of outages of Redis and the vendor. */
export function outageScenarios(): void {
  it("redis §6 fault 12: a change during an outage of 4 s is served, and Redis comes back empty", async () => {
    await using fleet = await Fleet.start({ workers: 6 });
    await fleet.leader();
    await fleet.server.kill();
    const downMs = fleet.now();
    const version = fleet.vendor.change();
    expect((await fleet.untilAll(version)) - downMs).toBeLessThan(4_000 + busyMs());
    await wait(Math.max(0, 4_000 - (fleet.now() - downMs)));
    const intervals = Math.ceil((fleet.now() - downMs) / pollIntervalMs);
    for (const count of countByWorker(fleet.polls(downMs)).values()) {
      expect(count).toBeLessThanOrEqual(intervals + 1);
    }
    await fleet.server.start();
    const upMs = fleet.now();
    await fleet.until("the configuration is back", () => isStored(fleet));
    expect(fleet.now() - upMs).toBeLessThan(500 + busyMs());
    await fleet.leader();
    await wait(pollIntervalMs);
    await fleet.untilShared();
    expect(await fleet.finish()).toEqual([]);
  });

  it("redis §6 fault 13: with whenRedisDown hold, no worker polls during the outage", async () => {
    await using fleet = await Fleet.start({ workers: 4, options: { whenRedisDown: "hold" } });
    await fleet.leader();
    await fleet.server.kill();
    await wait(tickMs + noiseMs()); // until a poll that was due has ended
    const downMs = fleet.now();
    fleet.vendor.change();
    await wait(4_000);
    expect(fleet.polls(downMs)).toEqual([]);
    expect(fleet.workers.map(({ version }) => version)).toEqual([1, 1, 1, 1]);
    await fleet.server.start();
    await fleet.untilAll(2);
    expect(await fleet.finish()).toEqual([]);
  });

  it.each(["ALL", "WRITE"])(
    "redis §6 fault 19: CLIENT PAUSE %s for 3 s does no harm",
    async (mode) => {
      await using fleet = await Fleet.start({ workers: 4 });
      await fleet.leader();
      const pausedMs = fleet.now();
      await fleet.server.command("CLIENT", "PAUSE", 3_000, mode);
      await wait(3_000);
      for (const count of countByWorker(fleet.polls(pausedMs)).values()) {
        expect(count).toBeLessThanOrEqual(fleet.mostPolls(pausedMs));
      }
      await fleet.leader();
      await wait(pollIntervalMs);
      await fleet.untilShared();
      expect(await fleet.finish()).toEqual([]);
    },
  );

  it("redis §6 fault 20: if the vendor returns 503 for 12 s, two workers try, and the second one backs off", async () => {
    await using fleet = await Fleet.start({ workers: 4, options: LASTING });
    await fleet.leader();
    fleet.vendor.fail({ with: 503 });
    const downMs = fleet.now();
    await wait(3_000);
    const [newcomer] = await fleet.add(1);
    expect(await newcomer?.event("ready")).toMatchObject({ source: "redis" });
    await wait(12_000 - (fleet.now() - downMs));
    const polls = fleet.polls(downMs);
    expect(polls.length).toBeLessThanOrEqual(5);
    // The first leader has tried twice, and handed the lease over.
    const gaps = gapsOf(polls.slice(2));
    for (const [i, gap] of gaps.slice(1).entries()) {
      expect(gap).toBeGreaterThan((gaps[i] ?? 0) - noiseMs());
    }
    expect(polls.filter(({ worker }) => worker === newcomer?.id)).toEqual([]);
    // Each worker reports why its configuration becomes stale.
    for (const worker of fleet.present) {
      expect((await worker.status()).client.lastError?.code).toMatch(/HTTP/);
    }
    fleet.vendor.recover();
    expect(await fleet.finish()).toEqual([]);
  });

  it("redis §6 fault 20: Retry-After is respected after the death of the leader", async () => {
    const retryAfterMs = 2 * LASTING.leaseMs;
    await using fleet = await Fleet.start({ workers: 4, options: LASTING });
    await fleet.leader();
    fleet.vendor.fail({ with: 429, headers: { "retry-after": `${retryAfterMs / 1_000}` } });
    const failingMs = fleet.now();
    await fleet.until("the refusal in Redis", async () => {
      return (await fleet.server.command("HGET", KEYS.poll, "outcome")) === "rate-limited";
    });
    fleet.vendor.recover();
    const [refused] = fleet.polls(failingMs);
    const leader = fleet.workers.find(({ id }) => id === refused?.worker);
    await leader?.kill();
    await fleet.until("the next poll", () => fleet.polls(failingMs).length > 1);
    const [, next] = fleet.polls(failingMs);
    expect((next?.atMs ?? 0) - (refused?.atMs ?? 0)).toBeGreaterThan(retryAfterMs);
    expect(next?.worker).not.toBe(refused?.worker);
    expect(await fleet.finish()).toEqual([]);
  });

  it("redis §6 fault 20: a refused key is tried by one worker, and reported by all", async () => {
    await using fleet = await Fleet.start({ workers: 4, options: LASTING });
    await fleet.leader();
    fleet.vendor.fail({ with: 401 });
    const failingMs = fleet.now();
    await fleet.until("a refused poll", () => fleet.polls(failingMs).length > 0);
    await wait(4_000);
    const polls = fleet.polls(failingMs);
    expect(polls.length).toBeLessThanOrEqual(4);
    const pollers = new Set(polls.map(({ worker }) => worker));
    expect(pollers.size).toBeLessThanOrEqual(1 + fleet.takeovers(failingMs));
    await fleet.until("all workers know", async () => {
      const statuses = await Promise.all(fleet.present.map((worker) => worker.status()));
      return statuses.every(({ client }) => client.lastError !== null);
    });
    fleet.vendor.recover();
    expect(await fleet.finish()).toEqual([]);
  });

  it.each([
    { first: "Redis", second: "the vendor" },
    { first: "the vendor", second: "Redis" },
  ])("redis §6 fault 21: both are down, and $first recovers before $second", async ({ first }) => {
    await using fleet = await Fleet.start({ workers: 4 });
    await fleet.leader();
    await fleet.server.kill();
    fleet.vendor.fail({ with: "reset" });
    await wait(3_000);
    if (first === "Redis") await fleet.server.start();
    else fleet.vendor.recover();
    await wait(2_000);
    expect(fleet.workers.map(({ version }) => version)).toEqual([1, 1, 1, 1]);
    if (first === "Redis") fleet.vendor.recover();
    else await fleet.server.start();
    expect(await fleet.finish()).toEqual([]);
  });

  it("redis §6 fault 22: the only worker that reaches the vendor becomes the leader", async () => {
    const options = { pollIntervalMs: 500, leaseMs: 450, commandTimeoutMs: 150, tickMs: 200 };
    await using fleet = await Fleet.start({
      workers: 3,
      options: { ...options, overdueAfterMs: 700 },
    });
    const followers = await fleet.followers();
    const [, good] = followers;
    const others = fleet.workers.filter((worker) => worker !== good).map(({ id }) => id);
    fleet.vendor.fail({ with: 503 }, others);
    const version = fleet.vendor.change();
    await fleet.untilAll(version, 60_000);
    await fleet.until("it leads", async () => (await fleet.leader()) === good);
    expect(await fleet.finish()).toEqual([]);
  });

  it("a worker that starts during an outage of the vendor reports the same age as the others", async () => {
    const staleAfterMs = 6 * pollIntervalMs;
    await using vendor = await startVendor();
    await using fleet = await Fleet.start({ workers: 3, vendor, worker: { staleAfterMs } });
    const leader = await fleet.leader();
    await wait(pollIntervalMs);
    // On a busy machine, one of them may have become stale before.
    await fleet.until("all are fresh", async () => {
      const statuses = await Promise.all(fleet.workers.map((worker) => worker.status()));
      return statuses.every(({ client }) => (client.ageMs ?? staleAfterMs) < 2 * pollIntervalMs);
    });
    vendor.fail({ with: 503 });
    const failingMs = fleet.now();
    await wait(2 * pollIntervalMs);
    const [early] = await fleet.add(1);
    await early?.event("ready");
    const staleMs = await Promise.all(
      fleet.workers.map(async ({ process }) => {
        const stale = await process.event(({ atMs, name }) => name === "stale" && atMs > failingMs);
        return stale.atMs;
      }),
    );
    expect(Math.max(...staleMs) - Math.min(...staleMs)).toBeLessThan(tickMs + noiseMs());

    await wait(pollIntervalMs);
    const [late] = await fleet.add(1);
    expect(await late?.event("ready")).toMatchObject({ source: "redis" });
    const [ready, stale] = await Promise.all([late?.event("ready"), late?.event("stale")]);
    expect((stale?.atMs ?? 0) - (ready?.atMs ?? 0)).toBeLessThan(noiseMs());
    const [mine, leaders] = await Promise.all([late?.status(), leader.status()]);
    const distance = Math.abs((mine?.client.ageMs ?? 0) - (leaders.client.ageMs ?? 0));
    expect(distance).toBeLessThan(tickMs + noiseMs());
    const newcomers = [early?.id, late?.id];
    expect(fleet.polls().filter(({ worker }) => newcomers.includes(worker ?? ""))).toEqual([]);

    vendor.recover();
    const fresh = fleet.workers.map((worker) => worker.event("fresh"));
    await Promise.all(fresh);
    expect(await fleet.finish()).toEqual([]);
  });

  it("a process starts from its disk cache while Redis and the vendor are down", async () => {
    const directory = mkdtempSync(join(tmpdir(), "sortition-fleet-"));
    try {
      const worker = { diskDirectory: directory };
      await using fleet = await Fleet.start({ workers: 1, worker });
      const isWritten = (): boolean =>
        readdirSync(directory).some((name) => name.endsWith(".cache"));
      await fleet.until("the copy on disk", isWritten);
      await fleet.server.kill();
      fleet.vendor.fail({ with: "reset" });
      const [newcomer] = await fleet.add(1);
      await fleet.until("the old version", () => newcomer?.version === 1);
      expect((await newcomer?.status())?.client).toMatchObject({ state: "stale", source: "disk" });
      await fleet.server.start();
      fleet.vendor.recover();
      expect(await fleet.finish()).toEqual([]);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
}

async function isStored(fleet: Fleet): Promise<boolean> {
  return (await fleet.server.command("HEXISTS", KEYS.config, "rev").catch(() => 0)) === 1;
}
