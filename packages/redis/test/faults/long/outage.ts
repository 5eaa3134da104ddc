import { expect, it } from "vitest";
import { Fleet, KEYS, LASTING } from "../../support/fleet.js";
import { gapsOf, noiseMs, wait } from "../../support/times.js";

/** Declares scenarios of outages of Redis and the vendor. */
export function outageScenarios(): void {
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
      const lastCode = async () => (await worker.status()).client.lastError?.code;
      await expect.poll(lastCode).toMatch(/HTTP/);
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
    await fleet.untilAll(version);
    await fleet.until("it leads", async () => (await fleet.leader()) === good);
    expect(await fleet.finish()).toEqual([]);
  });
}
