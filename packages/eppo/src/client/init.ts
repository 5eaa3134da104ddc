import { processWide } from "@sortition/node/internal";
import { RELEASE } from "../version.js";
import type { IClientConfig } from "./client-config.js";
import { createEppoClient } from "./create-eppo-client.js";
import type { EppoClient } from "./eppo-client.js";

/** The instances of a process. */
interface Instances {
  /** The client that `getInstance` returns. */
  installed: EppoClient | null;
  /** The client of the latest `init`: the instance or its successor. */
  latest: EppoClient | null;
}

const instances = (): Instances => processWide(RELEASE, () => ({ installed: null, latest: null }));

/**
 * Creates the client of the process, fetches its configuration and starts polling.
 *
 * A second call creates another client, which replaces the previous one. If the previous client has
 * a configuration, it stays until the new one has one too, even if this call rejects or resolves
 * without one. Only the instance and the newest client poll.
 *
 * @throws Error (as a rejection) without a key; OptionError for an invalid value; HttpRequestError
 * if the configuration cannot be fetched, unless `throwOnFailedInitialization` is false.
 */
export async function init(config: IClientConfig): Promise<EppoClient> {
  const current = instances();
  const { installed, latest } = current;
  const mustWait = installed?.isInitialized() === true;
  const onReady = (): void => {
    if (current.latest === client) install(client);
  };
  const client = createEppoClient(config, mustWait ? onReady : null);
  current.latest = client;
  // Stop the client of an earlier call that was not installed yet, because nothing else does.
  if (latest !== installed) latest?.stopPolling();
  if (!mustWait) install(client);
  await client.fetchFlagConfigurations();
  return client;
}

/**
 * Returns the client of the latest `init`, from the moment of the call. While that client has no
 * configuration, returns the last one that has, if any.
 *
 * @throws Error if `init` was not called.
 */
export function getInstance(): EppoClient {
  const { installed } = instances();
  if (installed === null) {
    throw new Error(
      "Expected init() to be called to initialize a client instance: write `await init({ apiKey, … })` once, before getInstance()",
    );
  }
  return installed;
}

function install(client: EppoClient): void {
  const current = instances();
  const former = current.installed;
  current.installed = client;
  if (former !== client) former?.stopPolling();
}
