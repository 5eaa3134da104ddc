import { report, reportFaults, serve, workerOptions } from "@sortition/test-kit/redis-worker";
import { PostHog } from "posthog-node";
import { redis } from "../../src/index.js";

/** Options of the process. */
export interface PostHogWorkerOptions {
  readonly redis: string;
  readonly vendor: string;
  readonly intervalMs: number;
}

const options = workerOptions<PostHogWorkerOptions>();
reportFaults();
const fleet = redis({
  ...{ redis: options.redis, namespace: "test", pollIntervalMs: options.intervalMs },
  // These depend on each other. This use has no lease.
  timings: { leaseMs: 3_000, overdueAfterMs: 4_500 },
});
const posthog = new PostHog("project-key", {
  ...{ host: options.vendor, personalApiKey: "secret-key" },
  featureFlagsPollingInterval: options.intervalMs,
  // The type fits without a cast.
  flagDefinitionCacheProvider: fleet.flagDefinitionCache(),
});
posthog.on("error", (error) => report("error", { message: String(error) }));
serve({
  ready: () => posthog.waitForLocalEvaluationReady(40_000),
  value: () => posthog.getFeatureFlag("checkout", "alice", { onlyEvaluateLocally: true }),
  async close() {
    await posthog.shutdown();
    await fleet.close();
  },
});
setInterval(() => {}, 60_000);
report("started");
