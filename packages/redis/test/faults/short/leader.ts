import { startVendor } from "@sortition/test-kit/redis";
import { expect, it } from "vitest";
import { Fleet, KEYS, TIMINGS } from "../../support/fleet.js";
import { PollRecord } from "../../support/poll-record.js";
import { busyMs, noiseMs, quantile, wait } from "../../support/times.js";

const { leaseMs, pollIntervalMs } = TIMINGS;

/** Declares scenarios of faults of leaders. */
export function leaderScenarios(): void {
  it("redis §6 fault 3: after each of 5 SIGKILLs, another worker leads when the lease has expired", async () => {
    await using fleet = await Fleet.start({ workers: 6 });
    const record = await PollRecord.start(fleet.server);
    const startMs = fleet.now();
    const times: number[] = [];
    for (let i = 0; i < 5; i++) {
      const leader = await fleet.leader();
      await leader.kill();
      const killedMs = fleet.now();
      const next = await fleet.leader();
      const ledMs = next.logged("became leader").at(-1)?.atMs ?? Number.NaN;
      times.push(ledMs - killedMs);
      await wait(100 * i);
    }
    // On a busy machine, one of them may lose the lease again.
    const bound = leaseMs + 200 + noiseMs();
    expect(quantile(times, 0.5)).toBeLessThan(bound);
    expect(Math.max(...times)).toBeLessThan(bound + pollIntervalMs);
    await wait(pollIntervalMs);
    expect(record.atMs.length).toBeLessThanOrEqual(fleet.mostPolls(startMs));
    const unrecorded = fleet.polls(startMs).length - record.atMs.length;
    expect(unrecorded).toBeLessThanOrEqual(fleet.takeovers(startMs)); // the leader died during the poll
    expect(Math.min(...record.gaps)).toBeGreaterThan(0.95 * pollIntervalMs);
    const longest = pollIntervalMs + leaseMs + 500 + busyMs();
    expect(quantile(record.gaps, 0.5)).toBeLessThan(longest);
    expect(Math.max(...record.gaps)).toBeLessThan(longest + pollIntervalMs);
    await record.stop();
    expect(await fleet.finish()).toEqual([]);
  });

  it("redis §6 fault 5: after SIGKILL of the leader in its first fetch, there are two polls in total", async () => {
    await using vendor = await startVendor();
    vendor.delayMs = 600;
    const held = { isHeld: true };
    await using fleet = await Fleet.start({ workers: 3, vendor, worker: held, isAsync: true });
    for (const worker of fleet.workers) void worker.ask("start");
    await fleet.until("a request", () => vendor.requests.length > 0);
    const victim = fleet.workers.find(({ id }) => id === vendor.requests[0]?.worker);
    await victim?.kill();
    const killedMs = fleet.now();
    const readyMs = await fleet.untilAll(1);
    expect(readyMs - killedMs).toBeLessThan(leaseMs + vendor.delayMs + 500 + busyMs());
    expect(vendor.requests.length).toBeGreaterThanOrEqual(2);
    expect(vendor.requests.length).toBeLessThanOrEqual(1 + fleet.takeovers(killedMs));
    vendor.delayMs = 0;
    expect(await fleet.finish()).toEqual([]);
  });

  it("redis §6 fault 6: close() of the leader hands the lease over immediately, and the last worker leaves none", async () => {
    await using fleet = await Fleet.start({ workers: 2 });
    const leader = await fleet.leader();
    const closedMs = fleet.now();
    expect(await leader.close()).toBeLessThan(500 + busyMs());
    const next = await fleet.leader();
    const ledMs = next.logged("became leader").at(-1)?.atMs ?? Number.NaN;
    expect(ledMs - closedMs).toBeLessThan(100 + noiseMs());
    expect(await fleet.finish()).toEqual([]);
    expect(await fleet.server.command("EXISTS", KEYS.lease)).toBe(0);
    expect(await fleet.server.command("HLEN", KEYS.config)).toBeGreaterThan(0);
  });

  it("redis §6 fault 7: a new worker of a healthy fleet starts from Redis", async () => {
    await using fleet = await Fleet.start({ workers: 2 });
    const [newcomer] = await fleet.add(1);
    const ready = await newcomer?.event("ready");
    const created = await newcomer?.event("created");
    expect(ready).toMatchObject({ source: "redis" });
    expect((ready?.atMs ?? 0) - (created?.atMs ?? 0)).toBeLessThan(200 + noiseMs());
    expect(fleet.polls().filter(({ worker }) => worker === newcomer?.id)).toEqual([]);
    expect(await fleet.finish()).toEqual([]);
  });

  it("redis §6 fault 36: a leader whose event loop blocks for 2 leases continues correctly", async () => {
    await using fleet = await Fleet.start({ workers: 2 });
    const leader = await fleet.leader();
    const startMs = fleet.now();
    const ticksOf = async (): Promise<number> =>
      Number((await leader.status()).fleet.counters["ticks"]);
    const ticksBefore = await ticksOf();
    await leader.ask("block", 2 * leaseMs);
    await wait(pollIntervalMs);
    // There is no burst, because its timers fire once, not once per missed interval.
    const ticks = (await ticksOf()) - ticksBefore;
    const lateMs = fleet.now() - startMs - 2 * leaseMs - pollIntervalMs;
    expect(ticks).toBeLessThan(12 + (3 * lateMs) / leaseMs);
    expect(fleet.polls(startMs).length).toBeLessThanOrEqual(
      fleet.mostPolls(startMs) + leader.logged("write fenced").length,
    );
    expect(await fleet.finish()).toEqual([]);
  });
}
