import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { ifWhole } from "@sortition/test-kit";
import {
  hasRedis,
  type RedisServer,
  startRedis,
  startWorker,
  type WorkerProcess,
} from "@sortition/test-kit/redis";
import { describe, expect, it, vi } from "vitest";
import { flagOf } from "../client/local/flags.js";
import { CohortServer, cohortFlag } from "../source/cohort-server.js";

const cwd = fileURLToPath(new URL("../..", import.meta.url));
const entry = fileURLToPath(new URL("fleet-worker.ts", import.meta.url));

/** Options of a worker. */
export interface FleetWorkerOptions {
  readonly isDropIn: boolean;
  readonly redisUrl: string;
  readonly serverUrl: string;
  readonly maxPayloadBytes: number;
  /**
   * Factor by which the minute between two requests for a cohort passes faster than on the wall
   * clock.
   */
  readonly cohortClockRate: number;
}

/** Sizes of the fleet and its cohort, and the storage limit. */
export interface FleetPlan {
  readonly workers: number;
  readonly members: number;
  readonly maxPayloadBytes: number;
  readonly cohortClockRate: number;
  /** Maximum time until a change reaches every worker. */
  readonly timeoutMs: number;
}

/** Workers over Redis, half of which use the drop-in. */
class Fleet {
  readonly cohorts: CohortServer;
  readonly redis: RedisServer;
  readonly workers: readonly WorkerProcess[];
  readonly #plan: FleetPlan;

  private constructor(
    plan: FleetPlan,
    cohorts: CohortServer,
    redis: RedisServer,
    workers: readonly WorkerProcess[],
  ) {
    this.#plan = plan;
    this.cohorts = cohorts;
    this.redis = redis;
    this.workers = workers;
  }

  /** Starts everything, and waits until each worker serves the flag `early` to the members. */
  static async start(plan: FleetPlan): Promise<Fleet> {
    const [cohorts, redis] = await Promise.all([CohortServer.start(), startRedis()]);
    cohorts.flags = [cohortFlag("early", "c1")];
    cohorts.cohorts.set("c1", { lastModified: 1, memberIds: membersOf("first", plan.members) });
    const { cohortClockRate, maxPayloadBytes } = plan;
    const workers = await Promise.all(
      Array.from({ length: plan.workers }, (_, i) => {
        const options: FleetWorkerOptions = {
          ...{ isDropIn: i % 2 === 1, redisUrl: redis.url, serverUrl: cohorts.url },
          ...{ maxPayloadBytes, cohortClockRate },
        };
        return startWorker({ entry, cwd, options });
      }),
    );
    const fleet = new Fleet(plan, cohorts, redis, workers);
    await Promise.all(workers.map((worker) => worker.ask("ready")));
    await fleet.untilAll("early", "first-0", true);
    return fleet;
  }

  get bodies(): number {
    return this.cohorts.sent.get("c1") ?? 0;
  }

  /** Number of bytes that redis-server received and sent. */
  async traffic(): Promise<number> {
    const info = String(await this.redis.command("info", "stats"));
    const [, input = "0"] = /total_net_input_bytes:(\d+)/.exec(info) ?? [];
    const [, output = "0"] = /total_net_output_bytes:(\d+)/.exec(info) ?? [];
    return Number(input) + Number(output);
  }

  async storedBytes(): Promise<number> {
    const keys = (await this.redis.command("keys", "*")) as readonly string[];
    const sizes = await Promise.all(
      keys.map((key) => this.redis.command("memory", "usage", key, "samples", 0)),
    );
    return sizes.reduce<number>((sum, size) => sum + Number(size), 0);
  }

  changeFlags(): void {
    this.cohorts.flags = [cohortFlag("early", "c1"), flagOf("late")];
  }

  changeCohort(): void {
    const memberIds = membersOf("second", this.#plan.members);
    this.cohorts.cohorts.set("c1", { lastModified: 2, memberIds });
  }

  async untilAll(flagKey: string, userId: string, isOn: boolean): Promise<void> {
    await vi.waitFor(async () => {
      const answers = await Promise.all(
        this.workers.map((worker) => worker.ask("isOn", [flagKey, userId])),
      );
      expect(answers).toEqual(this.workers.map(() => isOn));
    }, this.#plan.timeoutMs);
  }

  /** Waits for at least one interval of the fleet and one of the cohort. */
  async pass(): Promise<void> {
    await wait(Math.max(2_500, (2 * 60_000) / this.#plan.cohortClockRate));
  }

  /** Messages of all workers, except those about a flag that does not exist yet. */
  get messages(): readonly string[] {
    return this.workers
      .flatMap(({ events }) => events.filter(({ name }) => name === "log"))
      .map(({ message }) => String(message))
      .filter((message) => !/^(\[Experiment\] )?no such flag/.test(message));
  }

  /** Rejections, exceptions and warnings of all workers. */
  get faults(): readonly unknown[] {
    return this.workers.flatMap(({ events }) =>
      events.filter(({ name }) => name !== "log" && name !== "started"),
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.ask("close")));
    for (const worker of this.workers) worker.kill("SIGKILL");
    await Promise.all(this.workers.map(({ ended }) => ended));
    await Promise.all([this.cohorts.close(), this.redis.close()]);
  }
}

/** Returns ids of 37 characters that do not compress well. */
function membersOf(name: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) =>
    i === 0 ? `${name}-0` : `${i}-${randomBytes(18).toString("base64url")}`.padEnd(37, "x"),
  );
}

/** Expects one download per change of a cohort, and none for a changed flag. */
export async function expectOneDownloadPerChange(plan: FleetPlan): Promise<void> {
  const fleet = await Fleet.start(plan);
  expect(fleet.bodies).toBe(1);
  const stored = await fleet.storedBytes();
  expect(stored).toBeGreaterThan(plan.members * 20);

  await fleet.pass();
  const before = await fleet.traffic();
  fleet.changeFlags();
  await fleet.untilAll("late", "anybody", true);
  // All workers loaded the flags, but none the cohort.
  expect((await fleet.traffic()) - before).toBeLessThan(stored / 2);
  expect(fleet.bodies).toBe(1);

  fleet.changeCohort();
  await fleet.untilAll("early", "second-0", true);
  await fleet.untilAll("early", "first-0", false);
  await fleet.pass();
  // The cohort was requested again and had not changed.
  expect(fleet.cohorts.downloads.at(-1)).toBe("c1 2");
  expect(fleet.bodies).toBe(2);
  // On a busy machine, a worker may start late.
  expect(fleet.messages.filter((it) => !/(not ready|refresh failed)$/.test(it))).toEqual([]);
  expect(fleet.faults).toEqual([]);
  await fleet.close();
}

/**
 * Expects that a cohort above the limit is not stored: each worker downloads it, and the fleet
 * reports it once.
 */
async function expectDownloadsOfLargeCohort(plan: FleetPlan): Promise<void> {
  const fleet = await Fleet.start(plan);
  await fleet.pass();
  expect(fleet.bodies).toBe(plan.workers);
  expect(fleet.messages.filter((it) => it.endsWith("payload too large for redis"))).toHaveLength(1);
  expect(await fleet.storedBytes()).toBeLessThan(plan.members * 20);
  expect(fleet.faults).toEqual([]);
  await fleet.close();
}

const MIB = 1_048_576;

/** Declares the tests of a fleet with a small cohort whose minute takes two seconds. */
export function describeFleet(name: string, workers: number): void {
  const sizes = { workers, members: 20_000, cohortClockRate: 30 };
  const plan = { ...sizes, timeoutMs: 60_000 };

  // Without a redis-server, the test run reports and counts the skipped tests.
  describe.skipIf(!hasRedis)(name, () => {
    it("download a cohort once per change, and not at all for a changed flag", async () => {
      await expectOneDownloadPerChange({ ...plan, maxPayloadBytes: 64 * MIB });
    });

    ifWhole(it)("each download a cohort above the limit, and report it once", async () => {
      await expectDownloadsOfLargeCohort({ ...plan, maxPayloadBytes: MIB / 4 });
    });
  });
}
