import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { createClient } from "@sortition/core";
import { redis } from "@sortition/redis";
import { hasRedis, type RedisServer, startRedis } from "@sortition/test-kit/redis";
import { describe, expect, it, vi } from "vitest";
import { amplitude } from "../../src/dialect.js";
import { LocalEvaluationClient } from "../../src/index.js";
import { amplitudeOrigin } from "../../src/source.js";
import { flagOf } from "../client/local/flags.js";
import { CohortServer, cohortFlag } from "../source/cohort-server.js";

const WORKERS = 8;
const MIB = 1_048_576;
const PATIENCE_MS = 200_000;

/** A client with flags and cohorts from Redis. */
interface Worker {
  isOn(flagKey: string, userId: string): boolean;
  close(): Promise<void>;
}

/** A fleet, with a cohort of `members`. */
interface FleetPlan {
  readonly members: number;
  readonly maxPayloadBytes: number;
  /** Factor by which the minute between two requests for a cohort passes faster than on the wall clock. */
  readonly cohortClockRate: number;
}

/** Returns ids of 37 characters that do not compress well. */
function membersOf(name: string, count: number): readonly string[] {
  const bytes = randomBytes(18 * count);
  const random = (i: number) => bytes.toString("base64url", 18 * i, 18 * (i + 1));
  return Array.from({ length: count }, (_, i) =>
    i === 0 ? `${name}-0` : `${i}-${random(i)}`.padEnd(37, "x"),
  );
}

/** Starts workers, every second one of which uses the drop-in. Each serves the flag `early` to the members. */
async function startFleet({ cohortClockRate, maxPayloadBytes, members }: FleetPlan) {
  const [cohorts, server] = await Promise.all([CohortServer.start(), startRedis()]);
  cohorts.flags = [cohortFlag("early", "c1")];
  cohorts.cohorts.set("c1", { lastModified: 1, memberIds: membersOf("first", members) });
  const messages: string[] = [];
  const note = (message: string): void => void messages.push(message);
  const logger = { debug() {}, info() {}, warn: note, error: note };
  const workers = await Promise.all(
    Array.from({ length: WORKERS }, async (_, i): Promise<Worker> => {
      const source = redis({
        ...{ redis: server.url, namespace: "test", maxPayloadBytes, diagnostics: logger },
        origin: amplitudeOrigin({
          ...{ deploymentKey: "key", serverUrl: cohorts.url, requestTimeoutMs: 600_000 },
          cohortSync: { apiKey: "api", secretKey: "secret", cohortServerUrl: cohorts.url },
          clock: { monotonicMs: () => performance.now() * cohortClockRate },
        }),
        // Long enough for 40 MB bodies on a slow machine.
        ...{ pollIntervalMs: 1_000, commandTimeoutMs: 10_000, connectTimeoutMs: 10_000 },
        timings: {
          leaseMs: 30_000,
          claimMs: 60_000,
          overdueAfterMs: 60_000,
          directAfterMs: 60_000,
        },
      });
      if (i % 2 === 1) {
        const client = new LocalEvaluationClient("key", {
          ...{ source, startTimeoutMillis: PATIENCE_MS, logger },
        });
        await client.start();
        return {
          isOn: (flagKey, userId) =>
            client.evaluateV2({ user_id: userId }, [flagKey])[flagKey]?.key === "on",
          async close() {
            client.stop();
            await source.close();
          },
        };
      }
      const client = createClient({ dialect: amplitude(), source, diagnostics: logger });
      await client.waitForInitialization({ timeoutMs: PATIENCE_MS });
      return {
        isOn: (flagKey, userId) => client.getBooleanAssignment(flagKey, userId, {}, false),
        async close() {
          await client.close();
          await source.close();
        },
      };
    }),
  );
  const untilAll = (flagKey: string, userId: string, isOn: boolean): Promise<void> =>
    vi.waitFor(() => {
      expect(workers.map((it) => it.isOn(flagKey, userId))).toEqual(workers.map(() => isOn));
    }, PATIENCE_MS);
  await untilAll("early", "first-0", true);
  return {
    ...{ cohorts, server, untilAll },
    /** Number of downloads of the cohort. */
    bodies: () => cohorts.sent.get("c1") ?? 0,
    /** Messages, except those about a flag that does not exist yet. */
    messages: () => messages.filter((it) => !/^(\[Experiment\] )?no such flag/.test(it)),
    /** Waits for at least one interval of the fleet and one of the cohort. */
    pass: () => wait(Math.max(2_500, (2 * 60_000) / cohortClockRate)),
    async close() {
      await Promise.all(workers.map((it) => it.close()));
      await Promise.all([cohorts.close(), server.close()]);
    },
  };
}

/** Returns the number of bytes that the server received and sent. */
async function trafficOf(server: RedisServer): Promise<number> {
  const info = String(await server.command("info", "stats"));
  const totals = info.matchAll(/total_net_(?:in|out)put_bytes:(\d+)/g);
  return Array.from(totals, ([, bytes]) => Number(bytes)).reduce((sum, bytes) => sum + bytes, 0);
}

async function storedBytes(server: RedisServer): Promise<number> {
  const keys = (await server.command("keys", "*")) as readonly string[];
  const usage = (key: string) => server.command("memory", "usage", key, "samples", 0);
  const sizes = await Promise.all(keys.map(usage));
  return sizes.reduce<number>((sum, size) => sum + Number(size), 0);
}

const SMALL = { members: 20_000, cohortClockRate: 30 };
const LARGE = { members: 200_000, cohortClockRate: 6 };

// Without a redis-server, the test run reports and counts the skipped tests.
describe.skipIf(!hasRedis)("workers over Redis", () => {
  it.each([SMALL, LARGE])(
    "download a cohort of $members members once per change, and not at all for a changed flag",
    async (plan) => {
      const fleet = await startFleet({ ...plan, maxPayloadBytes: 64 * MIB });
      const { bodies, cohorts, server, untilAll } = fleet;
      expect(bodies()).toBe(1);
      const stored = await storedBytes(server);
      expect(stored).toBeGreaterThan(plan.members * 20);

      await fleet.pass();
      const before = await trafficOf(server);
      cohorts.flags = [cohortFlag("early", "c1"), flagOf("late")];
      await untilAll("late", "anybody", true);
      // All workers loaded the flags, but none the cohort.
      expect((await trafficOf(server)) - before).toBeLessThan(stored / 2);
      expect(bodies()).toBe(1);

      const memberIds = membersOf("second", plan.members);
      cohorts.cohorts.set("c1", { lastModified: 2, memberIds });
      await untilAll("early", "second-0", true);
      await untilAll("early", "first-0", false);
      await fleet.pass();
      // The cohort was requested again and had not changed.
      expect(cohorts.downloads.at(-1)).toBe("c1 2");
      expect(bodies()).toBe(2);
      // On a busy machine, a worker may start late.
      expect(fleet.messages().filter((it) => !/(not ready|refresh failed)$/.test(it))).toEqual([]);
      await fleet.close();
    },
  );

  it("each download a cohort above the limit, and report it once", async () => {
    const fleet = await startFleet({ ...SMALL, maxPayloadBytes: MIB / 4 });
    await fleet.pass();
    expect(fleet.bodies()).toBe(WORKERS);
    const reports = fleet.messages().filter((it) => it.endsWith("payload too large for redis"));
    expect(reports).toHaveLength(1);
    expect(await storedBytes(fleet.server)).toBeLessThan(SMALL.members * 20);
    await fleet.close();
  });
});
