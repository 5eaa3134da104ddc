import { startExperimentServer } from "./amplitude/experiment-server.js";
import { startAnalyticsServer } from "./analytics-server.js";
import { startEppoServer } from "./eppo/config-server.js";
import { startGrowthbookServer } from "./growthbook/config-server.js";
import type { LoopbackServer } from "./loopback-server.js";
import { startPosthogServer } from "./posthog/posthog-server.js";
import { startRedisServer } from "./redis-server.js";
import { startRelayServer } from "./relay-server.js";

/** Starters of the servers that each example gets. New dialects are added here. */
const STARTERS: readonly (() => Promise<LoopbackServer>)[] = [
  startEppoServer,
  startExperimentServer,
  startGrowthbookServer,
  startPosthogServer,
  startAnalyticsServer,
  startRedisServer,
];

/**
 * Starts all servers, and combines them into one.
 *
 * @param usesRelay - whether to start a relay, which takes as long as an example.
 */
export async function startServers(usesRelay: boolean): Promise<LoopbackServer> {
  const starters = usesRelay ? [...STARTERS, startRelayServer] : STARTERS;
  const started = await Promise.allSettled(starters.map((start) => start()));
  const servers = started.flatMap((it) => (it.status === "fulfilled" ? it.value : []));
  const close = (): void => {
    for (const server of servers) server.close();
  };
  const failed = started.find((it) => it.status === "rejected");
  if (failed !== undefined) {
    close();
    throw failed.reason;
  }
  return { env: Object.assign({}, ...servers.map(({ env }) => env)), close };
}
