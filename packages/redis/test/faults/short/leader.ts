import { ifWhole, isWhole } from "@sortition/test-kit";
import { startVendor } from "@sortition/test-kit/redis";
import { expect, it } from "vitest";
import { Fleet, type FleetWorker, KEYS, TIMINGS } from "../../support/fleet.js";
import { PollRecord } from "../../support/poll-record.js";
import { type Proxied, startProxied } from "../../support/proxied-fleet.js";
import { wait } from "../../support/times.js";

const { leaseMs, pollIntervalMs } = TIMINGS;
/** Limit of a hand-over, which only tells whether there is one. It is ten times the usual, because each process may be late. */
const NEVER_MS = 10 * (leaseMs + pollIntervalMs);

/** How a leader goes, and comes back. */
interface Departure {
  readonly how: string;
  readonly go: (leader: FleetWorker, proxied: Proxied) => unknown;
  readonly back?: (leader: FleetWorker, proxied: Proxied) => unknown;
  /** Default: once. */
  readonly times?: number;
  /** Additional options of `redis()`. */
  readonly options?: Readonly<Record<string, unknown>>;
}

const DEPARTURES: readonly Departure[] = [
  {
    how: "redis §6 fault 6: it closes",
    go: (leader) => leader.close(),
    // The lease would not expire during the test.
    options: { leaseMs: 300_000, overdueAfterMs: 600_000, claimMs: 200_000 },
  },
  { how: "redis §6 fault 3: it is killed", go: (leader) => leader.kill(), times: 5 },
  {
    how: "redis §6 fault 3: it is killed during a poll",
    async go(leader, { fleet }) {
      fleet.vendor.delayMs = 200;
      const polls = () => fleet.polls().filter(({ worker }) => worker === leader.id).length;
      const before = polls();
      await fleet.until("a poll", () => polls() > before);
      await leader.kill();
      fleet.vendor.delayMs = 0;
    },
    times: 3,
  },
  {
    how: "it is stopped for a while",
    go: (leader) => leader.stop(),
    back: (leader) => leader.continue(),
  },
  {
    how: "redis §6 fault 27: its packets are dropped",
    go: (leader, { proxyOf }) => proxyOf(leader).blackHole(),
    back: (leader, { proxyOf }) => proxyOf(leader).pass(),
  },
];

/** Declares scenarios of faults of leaders. */
export function leaderScenarios(): void {
  it.each(isWhole ? DEPARTURES : DEPARTURES.slice(0, 1))(
    "when a leader goes, another one leads, and there is one poll per interval; $how",
    async ({ back, go, options = {}, times = 1 }) => {
      await using proxied = await startProxied(2 + times, { options });
      const { fleet } = proxied;
      const { server, vendor } = fleet;
      const record = await PollRecord.start(server);
      const startMs = fleet.now();
      for (let i = 0; i < times; i++) {
        const leader = await fleet.leader();
        const others = fleet.present.filter((worker) => worker !== leader);
        const fromMs = fleet.now();
        await go(leader, proxied);
        const takeovers = () => others.flatMap((worker) => worker.logged("became leader"));
        const ledMs = () => takeovers().find(({ atMs }) => atMs > fromMs)?.atMs ?? Infinity;
        await fleet.until("another leader", () => ledMs() < Infinity);
        expect(ledMs() - fromMs).toBeLessThan(NEVER_MS);
        await fleet.untilAll(vendor.change());
        await back?.(leader, proxied);
      }
      // A leader that dies may have begun a poll, and workers without Redis poll for themselves.
      const pollers = 1 + fleet.directPollers().size;
      const most = pollers * fleet.mostPolls(startMs) + fleet.takeovers(startMs);
      expect(fleet.polls(startMs).length).toBeLessThanOrEqual(most);
      expect(Math.min(...record.gaps)).toBeGreaterThan(0.95 * pollIntervalMs);
      expect(Math.max(...record.gaps)).toBeLessThan(NEVER_MS);
      await record.stop();
      expect(await fleet.finish()).toEqual([]);
      expect(await server.command("EXISTS", KEYS.lease)).toBe(0);
      expect(await server.command("HLEN", KEYS.config)).toBeGreaterThan(0);
    },
  );

  ifWhole(it)(
    "redis §6 fault 5: after SIGKILL of the leader in its first fetch, there are two polls in total",
    async () => {
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
    },
  );

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
