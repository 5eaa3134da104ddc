import { seededRandom } from "@sortition/test-kit";
import { startVendor } from "@sortition/test-kit/redis";
import { expect, it } from "vitest";
import { Fleet, slower, TIMINGS } from "../../support/fleet.js";
import { mutant } from "../../support/mutant.js";
import { PollRecord } from "../../support/poll-record.js";
import { busyMs, countByWorker, noiseMs, quantile, wait } from "../../support/times.js";

const { pollIntervalMs, tickMs } = TIMINGS;

/** Declares scenarios of a fleet over a longer time. */
export function fleetScenarios(): void {
  it("redis §6 fault 1: 8 workers make one poll per interval", async () => {
    await using fleet = await Fleet.start({ workers: 8 });
    const record = await PollRecord.start(fleet.server);
    const fromMs = fleet.now();
    await fleet.until("ten polls", () => record.atMs.length >= 10);
    expect(fleet.polls(fromMs).length).toBeLessThanOrEqual(
      fleet.mostPolls(fromMs) + fleet.takeovers(fromMs),
    );
    expect(Math.min(...record.gaps)).toBeGreaterThan(0.95 * pollIntervalMs);
    expect(quantile(record.gaps, 0.5)).toBeLessThan(1.1 * pollIntervalMs + busyMs());
    await record.stop();
    expect(await fleet.finish()).toEqual([]);
  });

  it("redis §6 fault 4: random workers are killed and replaced 12 times", async () => {
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
    const lost = fleet.workers.flatMap((worker) => worker.logged("lease lost"));
    expect(polls.length).toBeLessThanOrEqual(fleet.mostPolls(fromMs) + died.length + lost.length);
    expect(await fleet.finish()).toEqual([]);
  });

  it.each([{ isKilled: false }, { isKilled: true }])(
    "a poll of 3 intervals is one download, and one more if its leader is killed ($isKilled); no worker polls directly",
    async ({ isKilled }) => {
      await using vendor = await startVendor();
      const options = slower(4);
      const worker = { requestTimeoutMs: 60_000 };
      await using fleet = await Fleet.start({ workers: 5, vendor, options, worker });
      const leader = await fleet.leader();
      vendor.delayMs = 3 * options.pollIntervalMs;
      const changedMs = fleet.now();
      const version = vendor.change();
      const attempts = () => fleet.polls().filter((poll) => poll.version === version);
      if (isKilled) {
        await fleet.until("the poll", () => attempts().length > 0);
        await wait(1.5 * options.pollIntervalMs);
        await leader.kill();
      }
      await fleet.untilAll(version);
      expect(attempts().length).toBeGreaterThanOrEqual(isKilled ? 2 : 1);
      expect(attempts().length).toBeLessThanOrEqual(1 + fleet.takeovers(changedMs));
      expect(new Set(attempts().map((poll) => poll.worker)).size).toBe(attempts().length);
      vendor.delayMs = 0;
      expect(await fleet.finish()).toEqual([]);
      // Every worker that polled had led, or had reported that it polls directly.
      for (const [id, count] of countByWorker(fleet.polls())) {
        const polling = fleet.workers.find((it) => it.id === id);
        const hasLed = polling?.logged("became leader").length !== 0;
        expect([id, count, hasLed || fleet.directPollers().has(id)]).toEqual([id, count, true]);
      }
    },
  );

  it("workers poll directly if a tick does not renew the claim of a long poll", async () => {
    const replaced = mutant("tick.lua", /is_claimed = not is_settled/, "is_claimed = false");
    await using vendor = await startVendor();
    await using fleet = await Fleet.start({ workers: 5, vendor, replaced });
    await fleet.leader();
    vendor.delayMs = 4.5 * pollIntervalMs;
    const version = vendor.change();
    await fleet.untilAll(version);
    expect(fleet.polls().filter((poll) => poll.version === version).length).toBeGreaterThan(1);
  });
}

/** Declares scenarios that need the machine to themselves. */
export function loneScenarios(): void {
  it("redis §6 fault 8: 60 changes reach all workers, nearly all of them by push", async () => {
    await using fleet = await Fleet.start({ workers: 6 });
    const latencies: number[] = [];
    for (let i = 0; i < 60; i++) {
      const version = fleet.vendor.change();
      await fleet.untilAll(version);
      const { observer, present } = fleet;
      let publishedMs = 0;
      // The workers may see a change before the observer does.
      await fleet.until("the observer sees the publish", () => {
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
