import { seededRandom } from "@sortition/test-kit";
import { startVendor } from "@sortition/test-kit/redis";
import { expect, it } from "vitest";
import { Fleet, slower, TIMINGS } from "../../support/fleet.js";
import { mutant } from "../../support/mutant.js";
import { PollRecord } from "../../support/poll-record.js";
import { busyMs, countByWorker, noiseMs, quantile, wait } from "../../support/times.js";

const { leaseMs, pollIntervalMs, tickMs } = TIMINGS;
/** Duration of the poll during which a leader dies. */
const FETCH_MS = 200;

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

  it("16 workers on an empty Redis make one request, then one per interval, with a short gap after SIGKILL", async () => {
    const held = { isHeld: true };
    await using vendor = await startVendor();
    await using fleet = await Fleet.start({ workers: 16, vendor, worker: held, isAsync: true });
    const record = await PollRecord.start(fleet.server);
    await Promise.all(fleet.workers.map(({ process }) => process.ask("start")));
    const readyMs = await fleet.untilAll(1);
    const firstMs = fleet.polls()[0]?.atMs ?? readyMs;
    const intervals = Math.max(1, Math.ceil((readyMs - firstMs) / pollIntervalMs));
    // On a busy machine, workers that start at once are slow. One may lose its lease, or not reach
    // Redis for a second.
    const late = fleet.takeovers(0) - 1 + directPollers(fleet).size;
    expect(fleet.polls(0, readyMs).length).toBeLessThanOrEqual(intervals + late);
    await fleet.until("four polls", () => record.atMs.length >= 4);
    expect(quantile(record.gaps, 0.5)).toBeLessThan(pollIntervalMs + noiseMs());

    // The leader is killed three times during a poll. This is the worst moment, because the lease
    // was just renewed.
    vendor.delayMs = FETCH_MS;
    const afterKill: number[] = [];
    for (let i = 0; i < 3; i++) {
      const seen = fleet.polls().length;
      await fleet.until("a poll", () => fleet.polls().length > seen);
      const leader = fleet.workers.find(({ id }) => id === fleet.polls().at(-1)?.worker);
      const killedMs = Date.now();
      await leader?.kill();
      await fleet.until("the poll of another", () => record.gapAround(killedMs) !== null);
      afterKill.push(record.gapAround(killedMs) ?? 0);
      await fleet.until(
        "a quiet poll",
        () => (record.atMs.at(-1) ?? 0) > killedMs + 2 * pollIntervalMs,
      );
    }
    const bound = pollIntervalMs + leaseMs + 500 + FETCH_MS + busyMs();
    expect(quantile(afterKill, 0.5)).toBeLessThan(bound);
    // On a busy machine, a poll may fail or a lease may be lost, which costs another interval.
    expect(Math.max(...record.gaps)).toBeLessThan(bound + 2 * pollIntervalMs);
    expect(Math.min(...record.gaps)).toBeGreaterThan(0.95 * pollIntervalMs);
    // Each leader died during a poll, and the next one took over.
    const direct = directPollers(fleet);
    const shared = fleet.polls().filter(({ worker }) => !direct.has(worker ?? ""));
    const unrecorded = shared.length - record.atMs.length;
    expect(unrecorded).toBeLessThanOrEqual(fleet.takeovers(0));
    await record.stop();
    expectPolledByLeaders(fleet);
    vendor.delayMs = 0;
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

  it("a poll of 3 intervals is one download, and no worker polls directly", async () => {
    await using vendor = await startVendor();
    const options = slower(4);
    const worker = { requestTimeoutMs: 60_000 };
    await using fleet = await Fleet.start({ workers: 5, vendor, options, worker });
    await fleet.leader();
    vendor.delayMs = 3 * options.pollIntervalMs;
    const changedMs = fleet.now();
    const version = vendor.change();
    await fleet.untilAll(version);
    const attempts = fleet.polls().filter((poll) => poll.version === version);
    expect(attempts.length).toBeLessThanOrEqual(1 + fleet.takeovers(changedMs));
    vendor.delayMs = 0;
    expect(await fleet.finish()).toEqual([]);
    expectPolledByLeaders(fleet);
  });

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

  it("after SIGKILL during a poll of 3 intervals there is one more poll, and no worker polls directly", async () => {
    await using vendor = await startVendor();
    const options = slower(4);
    const worker = { requestTimeoutMs: 60_000 };
    await using fleet = await Fleet.start({ workers: 5, vendor, options, worker });
    const leader = await fleet.leader();
    vendor.delayMs = 3 * options.pollIntervalMs;
    const changedMs = fleet.now();
    const version = vendor.change();
    await fleet.until("the poll", () => fleet.polls().some((poll) => poll.version === version));
    await wait(1.5 * options.pollIntervalMs);
    await leader.kill();
    await fleet.untilAll(version);
    const attempts = fleet.polls().filter((poll) => poll.version === version);
    expect(attempts.length).toBeGreaterThanOrEqual(2);
    expect(attempts.length).toBeLessThanOrEqual(1 + fleet.takeovers(changedMs));
    expect(new Set(attempts.map(({ worker }) => worker)).size).toBe(attempts.length);
    vendor.delayMs = 0;
    expect(await fleet.finish()).toEqual([]);
  });
}

/** Declares scenarios that need the machine to themselves. */
export function loneScenarios(): void {
  it("redis §6 fault 2: 40 workers start on an empty Redis", async () => {
    // On a machine with two cores, each of 40 processes that start at once gets a twentieth of a
    // core. With the timings of the other scenarios, no command would be answered in time, and
    // after a second without a configuration each worker would correctly poll for itself. That is
    // scenario 11.
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

/** Returns the workers that reported that they poll directly because they could not reach Redis. */
function directPollers(fleet: Fleet): ReadonlySet<string> {
  const direct = fleet.workers.filter(
    (worker) => worker.logged("redis unusable, polling directly").length > 0,
  );
  return new Set(direct.map(({ id }) => id));
}

/** Checks that every worker that polled had led, or had reported that it polls directly. */
function expectPolledByLeaders(fleet: Fleet): void {
  const direct = directPollers(fleet);
  for (const [worker, count] of countByWorker(fleet.polls())) {
    const { events } = fleet.workers.find(({ id }) => id === worker) ?? {};
    const hasLed = events?.some(({ message }) => message === "became leader");
    expect([worker, count, hasLed || direct.has(worker)]).toEqual([worker, count, true]);
  }
}
