import { startVendor, type Vendor } from "@sortition/test-kit/redis";
import { expect, it } from "vitest";
import { Fleet, type FleetWorker, KEYS, slower, TIMINGS } from "../../support/fleet.js";
import { countByWorker, wait } from "../../support/times.js";

const { pollIntervalMs } = TIMINGS;

/** Declares scenarios of configurations with several parts, or parts that are too large. */
export function partScenarios(): void {
  it("each worker makes one request per change of an optional part above the size limit", async () => {
    await using cohorts = await startCohorts(100_000);
    const options = { ...slower(4), maxPayloadBytes: 50_000 };
    const worker = { cohortUrl: cohorts.url };
    await using fleet = await Fleet.start({ workers: 4, options, worker });
    const leader = await fleet.leader();
    const others = fleet.workers.filter((worker) => worker !== leader);
    await fleet.until("all have the cohort", () => haveCohort(fleet.workers, 1));
    const requestsOf = (): readonly number[] => {
      const counts = countByWorker(cohorts.requests);
      return others.map(({ id }) => counts.get(id) ?? 0);
    };
    const requests = requestsOf();
    expect(Math.min(...requests)).toBeGreaterThan(0);
    expect(await fleet.server.command("HEXISTS", KEYS.config, "part:cohort")).toBe(0);

    await fleet.untilAll(fleet.vendor.change());
    await wait(options.pollIntervalMs);
    expect(requestsOf()).toEqual(requests);

    cohorts.change();
    await fleet.until("all have the new cohort", () => haveCohort(fleet.workers, 2));
    expect(requestsOf()).toEqual(requests.map((count) => count + 1));

    const revision = await fleet.server.command("HGET", KEYS.config, "rev");
    await leader.kill();
    await fleet.leader();
    await wait(1.5 * options.pollIntervalMs);
    expect(await fleet.server.command("HGET", KEYS.config, "rev")).toBe(revision);

    const omitted = await fleet.server.command("HGET", KEYS.config, "omitted");
    expect(omitted).toMatch(/^cohort=[0-9a-f]{64}$/);
    await fleet.server.command("FLUSHALL");
    await fleet.until("the configuration is back", async () => {
      return (await fleet.server.command("HGET", KEYS.config, "omitted")) === omitted;
    });
    expect(await fleet.finish()).toEqual([]);
  });

  it("a changed flag leaves other parts with their own hash and etag", async () => {
    await using cohorts = await startCohorts(100_000);
    await using fleet = await Fleet.start({ workers: 4, worker: { cohortUrl: cohorts.url } });
    await fleet.leader();
    await fleet.until("all have the cohort", () => haveCohort(fleet.workers, 1));
    const stored = (field: string): Promise<unknown> =>
      fleet.server.command("HGET", KEYS.config, field);
    const [cohort, flags] = [await stored("sha:cohort"), await stored("sha:flags")];
    await fleet.untilAll(fleet.vendor.change());
    expect([await stored("sha:cohort"), await stored("etag:cohort")]).toEqual([cohort, '"v1"']);
    expect(await stored("sha:flags")).not.toBe(flags);
    cohorts.change();
    await fleet.until("all have the new cohort", () => haveCohort(fleet.workers, 2));
    expect(await stored("etag:cohort")).toBe('"v2"');
    // Missing bytes are sent again, although their hash is stored.
    await fleet.server.command("HDEL", KEYS.config, "part:cohort");
    await fleet.untilAll(fleet.vendor.change());
    expect(await fleet.server.command("HEXISTS", KEYS.config, "part:cohort")).toBe(1);
    const [newcomer] = await fleet.add(1);
    await fleet.until(
      "a new worker has all parts",
      () => newcomer !== undefined && haveCohort([newcomer], 2),
    );
    expect(countByWorker(cohorts.requests).get(newcomer?.id ?? "")).toBeUndefined();
    expect(await fleet.finish()).toEqual([]);
  });

  it("each worker polls once per interval if a required part is above the size limit", async () => {
    await using vendor = await startVendor({ paddingBytes: 20_000 });
    const options = { maxPayloadBytes: 5_000 };
    await using fleet = await Fleet.start({ workers: 3, vendor, options });
    await fleet.until("the outcome", async () => {
      return (await fleet.server.command("HGET", KEYS.poll, "outcome")) === "too-large";
    });
    await fleet.untilAll(vendor.change());
    const fromMs = fleet.now();
    await wait(3 * pollIntervalMs);
    for (const count of countByWorker(fleet.polls(fromMs)).values()) {
      expect(count).toBeLessThanOrEqual(fleet.mostPolls(fromMs));
    }
    expect(await fleet.server.command("EXISTS", KEYS.config)).toBe(0);
    expect(await fleet.finish({ soleRole: null })).toEqual([]);
  });
}

/** Starts a server of an optional part. */
function startCohorts(bytes: number): Promise<Vendor> {
  return startVendor({ bodyOf: (version) => `${version} `.padEnd(bytes, "x") });
}

/** Whether all workers serve this version of the cohort. */
function haveCohort(workers: readonly FleetWorker[], version: number): boolean {
  return workers.every(({ isPresent, served }) => {
    const { cohort } = (served.at(-1) ?? {}) as { readonly cohort?: number | null };
    return !isPresent || cohort === version;
  });
}
