import { expect, it } from "vitest";
import { Fleet, type FleetWorker, KEYS, slower } from "../../support/fleet.js";
import { mutant } from "../../support/mutant.js";
import { wait } from "../../support/times.js";

/** Timings with which the leader of a busy machine seldom loses its lease by itself. */
const OPTIONS = slower(2);
const { leaseMs } = OPTIONS;

/** Pause between fetch and settle, in which the test stops the leader. A busy machine stops it late. */
const HOLD_MS = 10_000;

/** Declares scenarios of late publishes. */
export function fenceScenarios(): void {
  it("redis §6 fault 9: a leader stopped between fetch and settle is fenced, and no worker serves its content", async () => {
    await using fleet = await Fleet.start({ workers: 3, options: OPTIONS });
    const late = await stopBeforeSettle(fleet);
    await fleet.untilAll(3);
    const revision = await fleet.server.command("HGET", KEYS.config, "rev");
    await wait(2 * leaseMs);
    late.continue();
    await late.process.event(isFenced);
    expect(await fleet.server.command("HGET", KEYS.config, "rev")).toBe(revision);
    // It notices at its next tick that another worker leads.
    const isFollower = async (): Promise<boolean> =>
      (await late.status()).fleet.role === "follower";
    await fleet.until("the late worker follows", isFollower);
    await late.ask("hold", 0);
    expect(await fleet.finish()).toEqual([]);
    expect(versionsSeenBy(fleet.workers)).not.toContain(2);
  });

  it("redis §6 fault 9: old content is served if the script lacks the fence", async () => {
    await using fleet = await Fleet.start({
      workers: 3,
      options: OPTIONS,
      replaced: mutant("settle.lua", /^if fence\[1\][\s\S]*?^end$/m),
    });
    const late = await stopBeforeSettle(fleet);
    await fleet.untilAll(3);
    late.continue();
    await fleet.until("old content", () => versionsSeenBy([late]).includes(2));
    await late.ask("hold", 0);
    const violations = (await fleet.finish()).join("\n");
    expect(violations).toMatch(/content went back, 3 > 2/);
  });

  it("redis §6 fault 10: the same with FLUSHALL in between", async () => {
    await using fleet = await Fleet.start({ workers: 3, options: OPTIONS });
    const late = await stopBeforeSettle(fleet);
    await fleet.untilAll(3);
    await fleet.server.command("FLUSHALL");
    await untilStored(fleet);
    late.continue();
    await late.process.event(isFenced);
    await late.ask("hold", 0);
    expect(await fleet.finish()).toEqual([]);
    expect(versionsSeenBy(fleet.workers)).not.toContain(2);
  });

  it("redis §6 fault 10: the same with an empty restart of Redis in between", async () => {
    await using fleet = await Fleet.start({ workers: 3, options: OPTIONS });
    const late = await stopBeforeSettle(fleet);
    await fleet.untilAll(3);
    await fleet.server.kill();
    await fleet.server.start();
    await untilStored(fleet);
    late.continue();
    await late.ask("hold", 0);
    expect(await fleet.finish()).toEqual([]);
    // It cannot know that its connection was lost to a newer version, so it continues from version
    // 1 by itself.
    const others = fleet.workers.filter((worker) => worker !== late);
    expect(versionsSeenBy(others)).not.toContain(2);
  });

  it("redis §6 fault 10: a lease lost and regained during one fetch is fenced if another worker has led in between", async () => {
    await using fleet = await Fleet.start({ workers: 2, options: OPTIONS });
    const late = await stopBeforeSettle(fleet);
    await fleet.untilAll(3);
    const [other] = fleet.present;
    late.continue();
    await other?.kill();
    expect(await fleet.leader()).toBe(late);
    await late.process.event(isFenced);
    await late.ask("hold", 0);
    expect(await fleet.finish()).toEqual([]);
    expect(versionsSeenBy(fleet.workers)).not.toContain(2);
  });

  it("redis §6 fault 10: a lease lost and regained during one fetch still counts if no other worker has led in between", async () => {
    await using fleet = await Fleet.start({ workers: 1, options: OPTIONS });
    const [worker] = fleet.workers;
    if (worker === undefined) throw new Error("no worker");
    await worker.ask("hold", HOLD_MS);
    fleet.vendor.change();
    await worker.process.event(() => fleet.polls().some(({ version }) => version === 2));
    await worker.nextEvent("fetched");
    worker.stop();
    await wait(2 * leaseMs);
    expect(await fleet.server.command("EXISTS", KEYS.lease)).toBe(0);
    worker.continue();
    await fleet.untilAll(2);
    // The settle is valid, so there is no second download.
    const downloads = fleet
      .polls()
      .filter(({ status, version }) => status === 200 && version === 2);
    expect(downloads).toHaveLength(1);
    expect(worker.logged("write fenced")).toEqual([]);
    await worker.ask("hold", 0);
    expect(await fleet.finish()).toEqual([]);
  });
}

const isFenced = (event: { readonly name: string; readonly [fact: string]: unknown }): boolean =>
  event.name === "log" && event["message"] === "write fenced";

function versionsSeenBy(workers: readonly FleetWorker[]): readonly (number | null)[] {
  return workers.flatMap(({ served }) => served.map(({ version }) => version));
}

/**
 * Stops the leader after it has fetched version 2 and before it publishes it. The vendor then has
 * version 3.
 */
async function stopBeforeSettle(fleet: Fleet): Promise<FleetWorker> {
  await fleet.leader();
  const holdAll = (ms: number): Promise<unknown> =>
    Promise.all(fleet.present.map((worker) => worker.ask("hold", ms)));
  await holdAll(HOLD_MS);
  fleet.vendor.change();
  const fetching = fleet.workers.map(async (worker) => {
    await worker.process.event(({ atMs, name }) => {
      const own = fleet.polls(0, atMs).filter((poll) => poll.worker === worker.id);
      return name === "fetched" && own.some(({ version }) => version === 2);
    });
    return worker;
  });
  const leader = await Promise.race(fetching);
  leader.stop();
  fleet.vendor.change();
  await holdAll(0);
  return leader;
}

/** Waits until the configuration is back in Redis. */
async function untilStored(fleet: Fleet): Promise<void> {
  const isStored = async (): Promise<boolean> =>
    (await fleet.server.command("HEXISTS", KEYS.config, "rev").catch(() => 0)) === 1;
  await fleet.until("the configuration in Redis", isStored);
}
