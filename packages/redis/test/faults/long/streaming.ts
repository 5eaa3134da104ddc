import { expect, it } from "vitest";
import { Fleet, KEYS, TIMINGS } from "../../support/fleet.js";
import { startStreamVendor } from "../../support/stream-vendor.js";
import { busyMs, countByWorker, noiseMs, wait } from "../../support/times.js";

const { leaseMs, tickMs } = TIMINGS;
const pollIntervalMs = 3_000;
/** Of a leader: the first one, and that for what changed before its stream was open. */
const REQUESTS = 2;

/** Declares scenarios of a fleet whose leader follows a stream. */
export function streamingScenarios(): void {
  it("redis §6 faults 56, 61 to 63: one stream for eight workers; its leader is killed, stopped; Redis is flushed, away", async () => {
    await using vendor = await startStreamVendor();
    await using fleet = await Fleet.start({
      workers: 8,
      vendor,
      options: { pollIntervalMs, directAfterMs: 1_000 },
      worker: { streamUrl: vendor.streamUrl },
    });
    const untilOneStream = (opened: number): Promise<void> =>
      fleet.until(
        `stream ${opened} is the only one`,
        () => vendor.opened.length === opened && vendor.open === 1,
      );
    /** From a change until the last worker serves it; a second has passed since the last settle. */
    const changeMs = async (): Promise<number> => {
      await fleet.server.command("HINCRBY", KEYS.poll, "at", "-1000");
      const fromMs = fleet.now();
      return (await fleet.untilAll(vendor.change())) - fromMs;
    };

    await untilOneStream(1);
    await wait(2 * pollIntervalMs);
    expect(vendor.requests.length).toBeLessThanOrEqual(REQUESTS);
    for (let i = 0; i < 5; i++) expect(await changeMs()).toBeLessThan(250 + noiseMs());
    expect([vendor.opened.length, vendor.requests.length]).toEqual([1, REQUESTS]);

    let requests = vendor.requests.length;
    const spent = (): number => vendor.requests.length - requests;
    await (await fleet.leader()).kill();
    const killedMs = fleet.now();
    const servedMs = await fleet.untilAll(vendor.change());
    // The new leader asks once the last settle is a second old.
    expect(servedMs - killedMs).toBeLessThan(leaseMs + 1_000 + 500 + busyMs());
    await untilOneStream(1 + fleet.takeovers(killedMs));
    expect(await changeMs()).toBeLessThan(250 + noiseMs());
    expect(spent()).toBeLessThanOrEqual(REQUESTS * fleet.takeovers(killedMs));

    requests = vendor.requests.length;
    const stoppedMs = fleet.now();
    const late = await fleet.leader();
    late.stop();
    const next = vendor.change();
    await fleet.untilAll(next);
    await fleet.untilAll(vendor.change());
    late.continue();
    await fleet.until("the late one follows", async () => {
      return (await late.status()).fleet.role === "follower" && late.version === next + 1;
    });
    await fleet.until("one stream", () => vendor.open === 1);
    expect(await changeMs()).toBeLessThan(250 + noiseMs());
    expect(spent()).toBeLessThanOrEqual(REQUESTS * fleet.takeovers(stoppedMs));

    requests = vendor.requests.length;
    const flushedMs = fleet.now();
    const revision = await fleet.server.command("HGET", KEYS.config, "rev");
    await fleet.server.command("FLUSHALL");
    await fleet.until("the configuration is back", async () => {
      return (await fleet.server.command("HGET", KEYS.config, "rev")) === revision;
    });
    expect(fleet.now() - flushedMs).toBeLessThan(tickMs + noiseMs());
    await fleet.until("one stream, which is another one", () => spent() > 0 && vendor.open === 1);
    await wait(1_000);
    expect(await changeMs()).toBeLessThan(250 + noiseMs());
    expect(spent()).toBeLessThanOrEqual(REQUESTS * (1 + fleet.takeovers(flushedMs)));

    await fleet.server.kill();
    await fleet.until("no stream", () => vendor.open === 0);
    const awayMs = fleet.now();
    await fleet.untilAll(vendor.change());
    for (const count of countByWorker(fleet.polls(awayMs)).values()) {
      expect(count).toBeLessThanOrEqual(fleet.mostPolls(awayMs));
    }
    await fleet.server.start();
    await fleet.leader();
    await fleet.until("one stream again", () => vendor.open === 1);
    await wait(1_000);
    expect(await changeMs()).toBeLessThan(250 + noiseMs());
    expect(await fleet.finish()).toEqual([]);
  });
}
