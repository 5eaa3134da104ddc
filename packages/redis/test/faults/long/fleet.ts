import { seededRandom } from "@sortition/test-kit";
import { startVendor, type VendorRequest } from "@sortition/test-kit/redis";
import { expect, it } from "vitest";
import { Fleet, TIMINGS } from "../../support/fleet.js";
import { mutant } from "../../support/mutant.js";
import { busyMs, countByWorker, gapsOf, noiseMs, quantile, wait } from "../../support/times.js";

const { leaseMs, pollIntervalMs, tickMs } = TIMINGS;

/** Declares scenarios of a fleet in the long run. */
export function fleetScenarios(): void {
  it("redis §6 fault 1: 8 workers make one poll per interval", async () => {
    await using fleet = await Fleet.start({ workers: 8 });
    const fromMs = fleet.now();
    await wait(10 * pollIntervalMs);
    const polls = fleet.polls(fromMs);
    expect(polls.length).toBeGreaterThanOrEqual(9);
    expect(polls.length).toBeLessThanOrEqual(11);
    expect(Math.min(...gapsOf(polls))).toBeGreaterThan(0.95 * pollIntervalMs);
    expect(await fleet.finish()).toEqual([]);
  });

  it("16 workers on an empty Redis: one request, one per interval, and a short gap after SIGKILL", async () => {
    const held = { isHeld: true };
    await using fleet = await Fleet.start({ workers: 16, worker: held, isAsync: true });
    await Promise.all(fleet.workers.map(({ process }) => process.ask("start")));
    const readyMs = await fleet.untilAll(1);
    expect(fleet.polls(0, readyMs)).toHaveLength(1);
    await wait(3 * pollIntervalMs);
    const leader = await fleet.leader();
    const killedMs = fleet.now();
    await leader.kill();
    await wait(3 * pollIntervalMs);
    const all = fleet.polls();
    // The leader may have died in a poll, or lost its lease there on a busy machine.
    const polls = successfulOf(fleet);
    const elapsedMs = fleet.now() - (all[0]?.atMs ?? 0);
    expect(polls.length).toBeLessThanOrEqual(Math.ceil(elapsedMs / pollIntervalMs));
    expect(all.length - polls.length).toBeLessThanOrEqual(1);
    const gaps = gapsOf(polls);
    expect(Math.min(...gaps)).toBeGreaterThan(0.95 * pollIntervalMs);
    expect(Math.max(...gaps)).toBeLessThan(pollIntervalMs + leaseMs + 500 + busyMs());
    const before = polls.filter(({ atMs }) => atMs < killedMs);
    expect(Math.max(...gapsOf(before))).toBeLessThan(pollIntervalMs + noiseMs());
    expect(await fleet.finish()).toEqual([]);
  });

  it("redis §6 fault 4: SIGKILL of random workers, which are replaced, 12 times", async () => {
    const random = seededRandom(4);
    await using fleet = await Fleet.start({ workers: 8 });
    const fromMs = fleet.now();
    for (let i = 0; i < 12; i++) {
      await wait(300 + 500 * random());
      const victim = fleet.present[Math.floor(random() * fleet.present.length)];
      await victim?.kill();
      await fleet.add(1);
    }
    const polls = fleet.polls(fromMs);
    // A leader may have died during a poll.
    const died = fleet.workers.filter(({ events, process }) => {
      const counts = (name: string): number => events.filter((event) => event.name === name).length;
      return !process.isRunning && counts("fetching") > counts("fetched");
    });
    const windowMs = fleet.now() - fromMs;
    expect(polls.length).toBeLessThanOrEqual(Math.ceil(windowMs / pollIntervalMs) + died.length);
    expect(await fleet.finish()).toEqual([]);
  });

  it("a look of 3 intervals: one download, and nobody polls directly", async () => {
    await using vendor = await startVendor();
    await using fleet = await Fleet.start({ workers: 5, vendor });
    await fleet.leader();
    vendor.delayMs = 3 * pollIntervalMs;
    const version = vendor.change();
    await fleet.untilAll(version);
    expect(fleet.polls().filter((poll) => poll.version === version)).toHaveLength(1);
    vendor.delayMs = 0;
    expect(await fleet.finish()).toEqual([]);
    for (const [worker, count] of countByWorker(fleet.polls())) {
      const { events } = fleet.workers.find(({ id }) => id === worker) ?? {};
      const hasLed = events?.some(({ message }) => message === "became leader");
      expect([worker, count, hasLed]).toEqual([worker, count, true]);
    }
  });

  it("a tick that does not renew its claim fails that: the others poll directly", async () => {
    const replaced = mutant("tick.lua", /is_claimed = not is_settled/, "is_claimed = false");
    await using vendor = await startVendor();
    await using fleet = await Fleet.start({ workers: 5, vendor, replaced });
    await fleet.leader();
    vendor.delayMs = 4.5 * pollIntervalMs;
    const version = vendor.change();
    await fleet.untilAll(version);
    expect(fleet.polls().filter((poll) => poll.version === version).length).toBeGreaterThan(1);
  });

  it("SIGKILL in the middle of a look of 3 intervals: one more look, and nobody polls directly", async () => {
    await using vendor = await startVendor();
    await using fleet = await Fleet.start({ workers: 5, vendor });
    const leader = await fleet.leader();
    vendor.delayMs = 3 * pollIntervalMs;
    const version = vendor.change();
    await fleet.until("the look", () => fleet.polls().some((poll) => poll.version === version));
    await wait(1.5 * pollIntervalMs);
    await leader.kill();
    await fleet.untilAll(version);
    const looks = fleet.polls().filter((poll) => poll.version === version);
    expect(looks).toHaveLength(2);
    expect(new Set(looks.map(({ worker }) => worker)).size).toBe(2);
    vendor.delayMs = 0;
    expect(await fleet.finish()).toEqual([]);
  });
}

/** Declares the scenarios that need the machine for themselves. */
export function loneScenarios(): void {
  it("redis §6 fault 2: 40 workers start on an empty Redis", async () => {
    // 40 processes that start at once get a twentieth of a core each on a machine with two. With the timings
    // of the other scenarios no command is answered in time, and after a second without a configuration each
    // worker then polls for itself, as it should while Redis cannot be used: that is scenario 11.
    const intervalMs = 2 * pollIntervalMs;
    const options = { pollIntervalMs: intervalMs, leaseMs: 1_800, commandTimeoutMs: 600 };
    await using fleet = await Fleet.start({
      workers: 40,
      options: { ...options, overdueAfterMs: 2_700, directAfterMs: 3_000 },
      worker: { isHeld: true },
      isAsync: true,
    });
    await Promise.all(fleet.workers.map(({ process }) => process.ask("start")));
    const readyMs = await fleet.untilAll(1);
    const polls = fleet.polls(0, readyMs);
    const elapsedMs = readyMs - (polls[0]?.atMs ?? readyMs);
    expect(polls.length).toBeLessThanOrEqual(Math.max(1, Math.ceil(elapsedMs / intervalMs)));
    expect(await fleet.finish()).toEqual([]);
  });

  it("redis §6 fault 8: 60 changes reach all workers, nearly all by push", async () => {
    await using fleet = await Fleet.start({ workers: 6 });
    const latencies: number[] = [];
    for (let i = 0; i < 60; i++) {
      const version = fleet.vendor.change();
      await fleet.untilAll(version);
      const { observer, present } = fleet;
      let publishedMs = 0;
      // The workers may be faster than the observer.
      await fleet.until("the publish is seen", () => {
        const published = observer.states.find(
          ({ config }) => config?.revision === present[0]?.revision,
        );
        publishedMs = published?.atMs ?? 0;
        return published !== undefined;
      });
      for (const worker of present) {
        latencies.push(Math.max(0, (worker.servedAtMs(version) ?? 0) - publishedMs));
      }
    }
    expect(quantile(latencies, 0.99)).toBeLessThan(250 + busyMs());
    expect(Math.max(...latencies)).toBeLessThan(1.2 * tickMs + noiseMs());
    const counts = { pushes: 0, missedPushes: 0 };
    for (const worker of fleet.present) {
      const { counters } = (await worker.status()).fleet;
      counts.pushes += Number(counters["pushes"]);
      counts.missedPushes += Number(counters["missedPushes"]);
    }
    expect(counts.missedPushes).toBeLessThan(0.05 * counts.pushes);
    expect(await fleet.finish()).toEqual([]);
  });
}

/** The requests that ended a poll of the fleet: their worker then recorded it in Redis. */
function successfulOf(fleet: Fleet): readonly VendorRequest[] {
  const all = fleet.polls();
  const recorded = fleet.workers.flatMap((worker) =>
    ["configuration unchanged", "configuration published"].flatMap((message) =>
      worker.logged(message).map(({ atMs }) => ({ worker: worker.id, atMs })),
    ),
  );
  return all.filter(({ atMs, worker }) => {
    const next = all.find((other) => other.worker === worker && other.atMs > atMs);
    const endMs = next?.atMs ?? Number.POSITIVE_INFINITY;
    return recorded.some((it) => it.worker === worker && atMs < it.atMs && it.atMs < endMs);
  });
}
