import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Fleet, KEYS, TIMINGS } from "../../support/fleet.js";
import { type StreamVendor, startStreamVendor } from "../../support/stream-vendor.js";
import { busyMs, countByWorker, noiseMs, quantile } from "../../support/times.js";

const { leaseMs, tickMs } = TIMINGS;
const pollIntervalMs = 3_000;
/** Requests per leader: the first one, and one for changes before its stream was open. */
const REQUESTS = 2;
const CHANGES = 5;

/**
 * Declares scenarios of a fleet of eight workers whose leader follows a stream. They run in
 * sequence.
 */
export function streamingScenarios(): void {
  describe.sequential("a fleet with a stream", () => {
    let vendor: StreamVendor;
    let fleet: Fleet;
    let requests = 0;

    const spent = (): number => vendor.requests.length - requests;
    const untilOneStream = (): Promise<void> => fleet.until("one stream", () => vendor.open === 1);
    /**
     * Maximum number of leases since a moment. More than one only begins on a busy machine, and the
     * lease of a stopped process continues as another one.
     */
    const leases = (fromMs: number): number => 2 * fleet.takeovers(fromMs) - 1;
    /**
     * Time from a change until the last worker serves it, a second after the last poll. A poll may
     * come in between.
     */
    const changeMs = async (): Promise<number> => {
      const times: number[] = [];
      for (let i = 0; i < CHANGES; i++) {
        await fleet.server.command("HINCRBY", KEYS.poll, "at", "-1000");
        const fromMs = fleet.now();
        times.push((await fleet.untilAll(vendor.change())) - fromMs);
      }
      return quantile(times, 0.5);
    };

    beforeAll(async () => {
      vendor = await startStreamVendor();
      fleet = await Fleet.start({
        workers: 8,
        vendor,
        options: { pollIntervalMs, directAfterMs: 1_000 },
        worker: { streamUrl: vendor.streamUrl },
      });
    });

    afterAll(async () => {
      await fleet[Symbol.asyncDispose]();
      await vendor[Symbol.asyncDispose]();
    });

    beforeEach(async () => {
      await untilOneStream();
      requests = vendor.requests.length;
    });

    it("redis §6 fault 61: the stream moves on when the leader is killed and the next one stopped", async () => {
      await (await fleet.leader()).kill();
      const killedMs = fleet.now();
      const servedMs = await fleet.untilAll(vendor.change());
      // The new leader polls when the last poll is a second old.
      expect(servedMs - killedMs).toBeLessThan(leaseMs + 1_000 + 500 + busyMs());
      await untilOneStream();
      expect(await changeMs()).toBeLessThan(250 + noiseMs());
      expect(spent()).toBeLessThanOrEqual(REQUESTS * leases(killedMs));

      requests = vendor.requests.length;
      const stoppedMs = fleet.now();
      const late = await fleet.leader();
      late.stop();
      const next = vendor.change();
      await fleet.untilAll(next);
      await fleet.untilAll(vendor.change());
      late.continue();
      await fleet.until("the late worker follows", async () => {
        return (await late.status()).fleet.role === "follower" && late.version === next + 1;
      });
      await untilOneStream();
      expect(await changeMs()).toBeLessThan(250 + noiseMs());
      expect(spent()).toBeLessThanOrEqual(REQUESTS * leases(stoppedMs));
    });

    it("redis §6 fault 62: the stream is reopened after Redis is flushed", async () => {
      const flushedMs = fleet.now();
      const revision = await fleet.server.command("HGET", KEYS.config, "rev");
      await fleet.server.command("FLUSHALL");
      await fleet.until("the configuration is back", async () => {
        return (await fleet.server.command("HGET", KEYS.config, "rev")) === revision;
      });
      expect(fleet.now() - flushedMs).toBeLessThan(tickMs + noiseMs());
      await fleet.until("one new stream", () => spent() > 0 && vendor.open === 1);
      expect(await changeMs()).toBeLessThan(250 + noiseMs());
      expect(spent()).toBeLessThanOrEqual(REQUESTS * (1 + 2 * fleet.takeovers(flushedMs)));
    });

    it("redis §6 fault 63: the stream is closed while Redis is down, and reopened when it comes back empty", async () => {
      await fleet.server.kill();
      await fleet.until("no stream", () => vendor.open === 0);
      const awayMs = fleet.now();
      await fleet.untilAll(vendor.change());
      for (const count of countByWorker(fleet.polls(awayMs)).values()) {
        expect(count).toBeLessThanOrEqual(fleet.mostPolls(awayMs));
      }
      await fleet.server.start();
      await fleet.leader();
      await untilOneStream();
      expect(await changeMs()).toBeLessThan(250 + noiseMs());
      expect(await fleet.finish()).toEqual([]);
    });
  });
}
