import { expect, it } from "vitest";
import { TIMINGS } from "../../support/fleet.js";
import { startProxied } from "../../support/proxied-fleet.js";
import { noiseMs, wait } from "../../support/times.js";

const { pollIntervalMs, tickMs } = TIMINGS;

/** Declares scenarios of network faults. */
export function networkScenarios(): void {
  it("redis §6 fault 27: if a subscriber's packets are dropped, ticks find the changes, and the connection is replaced", async () => {
    await using proxied = await startProxied(3);
    const { fleet } = proxied;
    const [follower] = await fleet.followers();
    if (follower === undefined) throw new Error("no follower");
    proxied.proxyOf(follower).swallow("subscribe");
    const version = fleet.vendor.change();
    await fleet.untilAll(version);
    const others = fleet.workers.filter((worker) => worker !== follower);
    const publishedMs = Math.min(...others.map((worker) => worker.servedAtMs(version) ?? 0));
    const appliedMs = follower.servedAtMs(version) ?? 0;
    expect(appliedMs - publishedMs).toBeLessThan(1.2 * tickMs + noiseMs());
    const pushesOf = async (): Promise<number> =>
      Number((await follower.status()).fleet.counters["pushes"]);
    const before = await pushesOf();
    const fromMs = fleet.now();
    const isPushed = async (): Promise<boolean> => {
      await fleet.untilAll(fleet.vendor.change());
      return (await pushesOf()) > before;
    };
    await fleet.until("a push", isPushed, 60_000);
    expect(fleet.now() - fromMs).toBeLessThan(20_000 + pollIntervalMs + noiseMs());
    expect(await fleet.finish()).toEqual([]);
  });

  it("a direct poll is not replaced by an overlapping poll of the fleet", async () => {
    await using proxied = await startProxied(3);
    const { fleet } = proxied;
    const { vendor } = fleet;
    const [slow, other] = await fleet.followers();
    const leader = await fleet.leader();
    if (slow === undefined || other === undefined) throw new Error("no follower");
    proxied.proxyOf(slow).blackHole();
    await slow.ask("holdBefore", 2_500);
    const fetching = slow.nextEvent("fetching");
    await fetching;
    // The fleet's poll begins after that of the slow worker, and ends before it with older content.
    const older = vendor.change();
    await fleet.until("the older version", () => leader.version === older);
    vendor.fail({ with: 503 }, [leader.id, other.id]);
    const newer = vendor.change();
    await fleet.until("the newer version", () => slow.version === newer);
    proxied.proxyOf(slow).pass();
    await slow.ask("holdBefore", 0);
    await wait(2 * pollIntervalMs);
    expect(slow.version).toBe(newer);
    vendor.recover();
    expect(await fleet.finish()).toEqual([]);
  });

  it("redis §6 fault 27: a slow network only slows the fleet down", async () => {
    await using proxied = await startProxied(3);
    const { fleet } = proxied;
    for (const proxy of proxied.proxies) proxy.delay(50);
    const slowMs = fleet.now();
    for (let i = 0; i < 3; i++) await fleet.untilAll(fleet.vendor.change());
    expect(fleet.polls(slowMs).length).toBeLessThanOrEqual(
      fleet.mostPolls(slowMs) + fleet.takeovers(slowMs),
    );
    expect(await fleet.finish()).toEqual([]);
  });

  it("redis §6 fault 27: no partial payload is applied if connections end inside replies", async () => {
    await using proxied = await startProxied(4, { paddingBytes: 200_000 });
    const { fleet } = proxied;
    for (const bytes of [1, 10, 100, 1_000, 3_000, 5_000, 8_000, 12_000]) {
      for (const proxy of proxied.proxies) proxy.cut(bytes);
      fleet.vendor.change();
      await wait(600);
    }
    for (const proxy of proxied.proxies) proxy.reset();
    await wait(pollIntervalMs);
    for (const proxy of proxied.proxies) proxy.pass();
    expect(await fleet.finish()).toEqual([]);
  });
}
