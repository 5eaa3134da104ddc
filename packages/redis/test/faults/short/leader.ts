import { startVendor } from "@sortition/test-kit/redis";
import { expect, it } from "vitest";
import { Fleet, KEYS, TIMINGS } from "../../support/fleet.js";
import { busyMs, gapsOf, noiseMs, wait } from "../../support/times.js";

const { leaseMs, pollIntervalMs } = TIMINGS;

/** Declares scenarios of faults of leaders. */
export function leaderScenarios(): void {
  it("redis §6 fault 3: SIGKILL of the leader, 5 times: another one leads when the lease has ended", async () => {
    await using fleet = await Fleet.start({ workers: 6 });
    const startMs = fleet.now();
    for (let i = 0; i < 5; i++) {
      const leader = await fleet.leader();
      await leader.kill();
      const killedMs = fleet.now();
      const next = await fleet.leader();
      const ledMs = next.logged("became leader").at(-1)?.atMs ?? Number.NaN;
      expect(ledMs - killedMs).toBeLessThan(leaseMs + 200 + noiseMs());
      await wait(100 * i);
    }
    await wait(pollIntervalMs);
    const polls = fleet.polls(startMs);
    const windowMs = fleet.now() - startMs;
    expect(polls.length).toBeLessThanOrEqual(Math.ceil(windowMs / pollIntervalMs));
    const gaps = gapsOf(polls);
    expect(Math.min(...gaps)).toBeGreaterThan(0.95 * pollIntervalMs);
    expect(Math.max(...gaps)).toBeLessThan(pollIntervalMs + leaseMs + 500 + busyMs());
    expect(await fleet.finish()).toEqual([]);
  });

  it("redis §6 fault 5: SIGKILL of the leader inside its first fetch: two polls in all", async () => {
    await using vendor = await startVendor();
    vendor.delayMs = 600;
    const held = { isHeld: true };
    await using fleet = await Fleet.start({ workers: 5, vendor, worker: held, isAsync: true });
    for (const worker of fleet.workers) void worker.ask("start");
    await fleet.until("a request", () => vendor.requests.length > 0);
    const victim = fleet.workers.find(({ id }) => id === vendor.requests[0]?.worker);
    await victim?.kill();
    const killedMs = fleet.now();
    const readyMs = await fleet.untilAll(1);
    expect(readyMs - killedMs).toBeLessThan(leaseMs + vendor.delayMs + 500 + busyMs());
    expect(vendor.requests).toHaveLength(2);
    vendor.delayMs = 0;
    expect(await fleet.finish()).toEqual([]);
  });

  it("redis §6 fault 6: close() of the leader hands over at once; the last one leaves no lease", async () => {
    await using fleet = await Fleet.start({ workers: 3 });
    const leader = await fleet.leader();
    const closedMs = fleet.now();
    expect(await leader.close()).toBeLessThan(500);
    const next = await fleet.leader();
    const ledMs = next.logged("became leader").at(-1)?.atMs ?? Number.NaN;
    expect(ledMs - closedMs).toBeLessThan(100 + noiseMs());
    expect(await fleet.finish()).toEqual([]);
    expect(await fleet.server.command("EXISTS", KEYS.lease)).toBe(0);
    expect(await fleet.server.command("HLEN", KEYS.config)).toBeGreaterThan(0);
  });

  it("redis §6 fault 7: a new worker beside a healthy fleet starts from Redis", async () => {
    await using fleet = await Fleet.start({ workers: 3 });
    const [newcomer] = await fleet.add(1);
    const ready = await newcomer?.event("ready");
    const created = await newcomer?.event("created");
    expect(ready).toMatchObject({ source: "redis" });
    expect((ready?.atMs ?? 0) - (created?.atMs ?? 0)).toBeLessThan(200 + noiseMs());
    expect(fleet.polls().filter(({ worker }) => worker === newcomer?.id)).toEqual([]);
    expect(await fleet.finish()).toEqual([]);
  });

  it("redis §6 fault 36: a leader whose event loop blocks for 2 leases goes on in order", async () => {
    await using fleet = await Fleet.start({ workers: 3 });
    const leader = await fleet.leader();
    const startMs = fleet.now();
    const ticksOf = async (): Promise<number> =>
      Number((await leader.status()).fleet.counters["ticks"]);
    const ticksBefore = await ticksOf();
    await leader.ask("block", 2 * leaseMs);
    await wait(pollIntervalMs);
    // No burst: its timers fire once, not once per missed interval.
    expect((await ticksOf()) - ticksBefore).toBeLessThan(12);
    const windowMs = fleet.now() - startMs;
    expect(fleet.polls(startMs).length).toBeLessThanOrEqual(Math.ceil(windowMs / pollIntervalMs));
    expect(await fleet.finish()).toEqual([]);
  });
}
