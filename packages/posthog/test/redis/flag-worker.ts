import { redis } from "@sortition/redis";
import { report, reportFaults, serve, workerOptions } from "@sortition/test-kit/redis-worker";
import { PostHog as VendorPostHog } from "posthog-node";
import { PostHog } from "../../src/index.js";

export interface FlagWorkerOptions {
  readonly client: "sortition" | "posthog-node";
  readonly redis: string;
  readonly host: string;
  readonly intervalMs: number;
}

const options = workerOptions<FlagWorkerOptions>();
reportFaults();
const fleet = redis({
  ...{ redis: options.redis, namespace: "test", pollIntervalMs: options.intervalMs },
  // Long timeouts, because eight processes may wait for a busy machine. The leases follow from them and are not used
  // here.
  ...{ commandTimeoutMs: 4_000, timings: { leaseMs: 12_000, overdueAfterMs: 18_000 } },
});
const clientOptions = {
  ...{ host: options.host, personalApiKey: "secret-key" },
  featureFlagsPollingInterval: options.intervalMs,
};
// Its type fits both clients without a cast.
const client =
  options.client === "sortition"
    ? new PostHog("project-key", {
        ...clientOptions,
        flagDefinitionCacheProvider: fleet.flagDefinitionCache(),
      })
    : new VendorPostHog("project-key", {
        ...clientOptions,
        flagDefinitionCacheProvider: fleet.flagDefinitionCache(),
      });
client.on("error", (error: unknown) => report("error", { message: String(error) }));
serve({
  ready: () => client.waitForLocalEvaluationReady(60_000),
  value: () => client.getFeatureFlag("checkout", "alice", { onlyEvaluateLocally: true }),
  async close() {
    await client.shutdown();
    await fleet.close();
  },
});
setInterval(() => {}, 60_000);
report("started");
