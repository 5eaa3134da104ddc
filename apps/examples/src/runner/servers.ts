import { startExperimentServer } from "./amplitude/experiment-server.js";
import { startAnalyticsServer } from "./analytics-server.js";
import { startEppoServer } from "./eppo/config-server.js";
import { startGrowthbookServer } from "./growthbook/config-server.js";
import type { LoopbackServer } from "./loopback-server.js";
import { startPosthogServer } from "./posthog/posthog-server.js";
import { startRedisServer } from "./redis-server.js";
import { startRelayServer } from "./relay-server.js";

/** Servers that each example gets, of its own. A new dialect brings one more. */
const STARTERS: readonly (() => Promise<LoopbackServer>)[] = [
  startEppoServer,
  startExperimentServer,
  startGrowthbookServer,
  startPosthogServer,
  startAnalyticsServer,
  startRedisServer,
];

/**
 * Starts all servers, as if they were one.
 *
 * @param usesRelay - whether there is to be a relay, which takes as long to start as an example.
 */
export async function startServers(usesRelay: boolean): Promise<LoopbackServer> {
  const starters = usesRelay ? [...STARTERS, startRelayServer] : STARTERS;
  const servers = await Promise.all(starters.map((start) => start()));
  return {
    env: Object.assign({}, ...servers.map(({ env }) => env)),
    close: () => {
      for (const server of servers) server.close();
    },
  };
}
