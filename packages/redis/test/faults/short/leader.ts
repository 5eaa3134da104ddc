import { ifWhole } from "@sortition/test-kit";
import { startVendor } from "@sortition/test-kit/redis";
import { expect, it } from "vitest";
import { Fleet, KEYS, TIMINGS } from "../../support/fleet.js";
import { PollRecord } from "../../support/poll-record.js";
import { wait } from "../../support/times.js";

const { leaseMs, pollIntervalMs } = TIMINGS;
/** Limit of a hand-over, which only tells whether there is one. It is ten times the usual, because each process may be late. */
const NEVER_MS = 10 * (leaseMs + pollIntervalMs);

/** Declares scenarios of faults of leaders. */
export function leaderScenarios(): void {
  ifWhole(it)(
    "redis §6 fault 3: after each of 5 SIGKILLs, another worker leads when the lease has expired",
    async () => {
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
      expect(Math.max(...times)).toBeLessThan(NEVER_MS);
      await wait(pollIntervalMs);
      expect(record.atMs.length).toBeLessThanOrEqual(fleet.mostPolls(startMs));
      const unrecorded = fleet.polls(startMs).length - record.atMs.length;
      expect(unrecorded).toBeLessThanOrEqual(fleet.takeovers(startMs)); // the leader died during the poll
      expect(Math.min(...record.gaps)).toBeGreaterThan(0.95 * pollIntervalMs);
      expect(Math.max(...record.gaps)).toBeLessThan(NEVER_MS);
      await record.stop();
      expect(await fleet.finish()).toEqual([]);
    },
  );

  it("redis §6 fault 5: after SIGKILL of the leader in its first fetch, there are two polls in total", async () => {
    await using vendor = await startVendor();
    vendor.delayMs = 600;
    const held = { isHeld: true };
    // Workers that start late would otherwise poll by themselves.
    const options = { directAfterMs: 600_000, overdueAfterMs: 600_000 };
    const starting = { workers: 3, vendor, options, isAsync: true };
    await using fleet = await Fleet.start({ ...starting, worker: held });
    for (const worker of fleet.workers) void worker.ask("start");
    await fleet.until("a request", () => vendor.requests.length > 0);
    const victim = fleet.workers.find(({ id }) => id === vendor.requests[0]?.worker);
    await victim?.kill();
    await fleet.untilAll(1);
    expect(vendor.requests.length).toBeGreaterThanOrEqual(2);
    // On a busy machine, another worker may have led before the victim was killed.
    expect(vendor.requests.length).toBeLessThanOrEqual(fleet.takeovers(0));
    vendor.delayMs = 0;
    expect(await fleet.finish()).toEqual([]);
  });

  it("redis §6 fault 6: close() of the leader hands the lease over immediately, and the last worker leaves none", async () => {
    // The lease would not expire during the test.
    const long = { leaseMs: 300_000, overdueAfterMs: 600_000, claimMs: 200_000 };
    await using fleet = await Fleet.start({ workers: 2, options: long });
    const leader = await fleet.leader();
    await leader.close();
    await fleet.leader();
    expect(await fleet.finish()).toEqual([]);
    expect(await fleet.server.command("EXISTS", KEYS.lease)).toBe(0);
    expect(await fleet.server.command("HLEN", KEYS.config)).toBeGreaterThan(0);
  });

  ifWhole(it)("redis §6 fault 7: a new worker of a healthy fleet starts from Redis", async () => {
    await using fleet = await Fleet.start({ workers: 2 });
    const [newcomer] = await fleet.add(1);
    expect(await newcomer?.event("ready")).toMatchObject({ source: "redis" });
    expect(fleet.polls().filter(({ worker }) => worker === newcomer?.id)).toEqual([]);
    expect(await fleet.finish()).toEqual([]);
  });

  ifWhole(it)(
    "redis §6 fault 36: a leader whose event loop blocks for 2 leases continues correctly",
    async () => {
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
    },
  );
}
