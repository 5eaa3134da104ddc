// A worker of a fleet: the native client or the drop-in, with flags and cohorts from Redis.
import { createClient } from "@sortition/core";
import { redis } from "@sortition/redis";
import { report, reportFaults, serve, workerOptions } from "@sortition/test-kit/redis-worker";
import { amplitude } from "../../src/dialect.js";
import { LocalEvaluationClient } from "../../src/index.js";
import { amplitudeOrigin } from "../../src/source.js";
import type { FleetWorkerOptions } from "./fleet-plan.js";

const { cohortClockRate, isDropIn, maxPayloadBytes, redisUrl, serverUrl } =
  workerOptions<FleetWorkerOptions>();
reportFaults();
const origin = amplitudeOrigin({
  ...{ deploymentKey: "key", serverUrl, requestTimeoutMs: 600_000 },
  cohortSync: { apiKey: "api", secretKey: "secret", cohortServerUrl: serverUrl },
  // Known cohorts are requested again after a minute. A faster clock shortens it.
  clock: { monotonicMs: () => performance.now() * cohortClockRate },
});
const log = (level: string) => (message: string) => void report("log", { level, message });
const diagnostics = { debug() {}, info() {}, warn: log("warn"), error: log("error") };
const fleet = redis({
  ...{ redis: redisUrl, namespace: "test", origin, maxPayloadBytes, diagnostics },
  pollIntervalMs: 1_000,
  // Long enough for several processes and 40 MB bodies on a slow machine.
  ...{ commandTimeoutMs: 10_000, connectTimeoutMs: 10_000 },
  timings: { leaseMs: 30_000, claimMs: 60_000, overdueAfterMs: 60_000, directAfterMs: 60_000 },
});
const { close, isOn, ready } = isDropIn ? openDropIn() : openNative();

interface Opened {
  ready(): Promise<unknown>;
  isOn(flagKey: string, userId: string): boolean;
  close(): Promise<unknown>;
}

function openNative(): Opened {
  const client = createClient({ dialect: amplitude(), source: fleet, diagnostics });
  return {
    ready: () => client.waitForInitialization({ timeoutMs: 120_000 }),
    isOn: (flagKey, userId) => client.getBooleanAssignment(flagKey, userId, {}, false),
    close: () => client.close({ timeoutMs: 2_000 }),
  };
}

function openDropIn(): Opened {
  const logger = { debug() {}, info() {}, warn: log("warn"), error: log("error") };
  const client = new LocalEvaluationClient("key", {
    ...{ source: fleet, startTimeoutMillis: 120_000, logger },
  });
  return {
    ready: () => client.start(),
    isOn: (flagKey, userId) =>
      client.evaluateV2({ user_id: userId }, [flagKey])[flagKey]?.key === "on",
    close: async () => client.stop(),
  };
}

serve({
  ready: async () => void (await ready()),
  isOn: ([flagKey, userId]: readonly [string, string]) => isOn(flagKey, userId),
  async close() {
    await close();
    await fleet.close();
  },
});
setInterval(() => {}, 60_000);
report("started");
