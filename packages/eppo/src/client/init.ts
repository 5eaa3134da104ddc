import { VERSION } from "../version.js";
import type { IClientConfig } from "./client-config.js";
import { createEppoClient } from "./create-eppo-client.js";
import type { EppoClient } from "./eppo-client.js";

/** The instance of a process, for one major version of this package. */
interface Instances {
  /** What `getInstance` returns. */
  installed: EppoClient | null;
  /** The client of the latest call of `init`, which wins over calls that end later. */
  latest: EppoClient | null;
}

/** Shared by the ES module, the CommonJS module, and other installed copies of the same major version. */
function instances(): Instances {
  const key = Symbol.for(`@sortition/eppo ${VERSION.split(".", 1)[0]}`);
  const known = (globalThis as { [key: symbol]: Instances | undefined })[key]; // no other package uses it
  if (known !== undefined) return known;
  const value: Instances = { installed: null, latest: null };
  Object.defineProperty(globalThis, key, { value, configurable: true });
  return value;
}

/**
 * Makes the client of the process, fetches its configuration and starts to poll.
 *
 * A second call makes another client, which `getInstance` returns from then on; the former one stops
 * polling. While the former has a configuration, it stays until the new one has one, too.
 *
 * @throws Error (as a rejection) without a key; OptionError for a bad value; HttpRequestError if the
 * configuration cannot be fetched, unless `throwOnFailedInitialization` is false. `getInstance` returns
 * the client also then.
 */
export async function init(config: IClientConfig): Promise<EppoClient> {
  const client = createEppoClient(config);
  const current = instances();
  current.latest = client;
  if (current.installed?.isInitialized() !== true) install(client);
  await client.fetchFlagConfigurations();
  if (current.latest === client) install(client);
  return client;
}

/**
 * The client of the latest `init`, from the moment of the call on.
 *
 * @throws Error if `init` was not called.
 */
export function getInstance(): EppoClient {
  const { installed } = instances();
  if (installed === null) {
    throw new Error("Expected init() to be called to initialize a client instance");
  }
  return installed;
}

function install(client: EppoClient): void {
  const current = instances();
  const former = current.installed;
  current.installed = client;
  if (former !== client) former?.stopPolling();
}
