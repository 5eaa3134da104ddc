import { VERSION } from "../version.js";
import { RemoteEvaluationClient } from "./remote/client.js";
import type { RemoteEvaluationConfig } from "./remote/config.js";

/** The instances of a process, by key and name. */
interface Instances {
  readonly remote: Map<string, RemoteEvaluationClient>;
}

/** Shared by the ES module, the CommonJS module, and other installed copies of the same major version. */
function instances(): Instances {
  const key = Symbol.for(`@sortition/amplitude ${VERSION.split(".", 1)[0]}`);
  const known = (globalThis as { [key: symbol]: Instances | undefined })[key]; // no other package uses it
  if (known !== undefined) return known;
  const value: Instances = { remote: new Map() };
  Object.defineProperty(globalThis, key, { value, configurable: true });
  return value;
}

function initializeRemote(
  apiKey: string,
  config: RemoteEvaluationConfig = {},
): RemoteEvaluationClient {
  const { remote } = instances();
  const name = `${apiKey}-${config.instanceName}`;
  const known = remote.get(name);
  if (known !== undefined) return known;
  const client = new RemoteEvaluationClient(apiKey, config);
  remote.set(name, client);
  return client;
}

/** Creates clients. */
export interface ExperimentFactory {
  /** @throws OptionError for a bad option. */
  initializeRemote(apiKey: string, config?: RemoteEvaluationConfig): RemoteEvaluationClient;
  /** @deprecated use `initializeRemote`. */
  initialize(apiKey: string, config?: RemoteEvaluationConfig): RemoteEvaluationClient;
}

/**
 * Creates clients, one for each key and `instanceName` in a process. The options of later calls are ignored.
 *
 * ```ts
 * const experiment = Experiment.initializeRemote(deploymentKey, { fetchTimeoutMillis: 500 });
 * const variants = await experiment.fetchV2({ user_id: "alice" });
 * if (variants["new-checkout"]?.value === "on") console.error("the new checkout");
 * ```
 */
export const Experiment: ExperimentFactory = {
  initializeRemote,
  initialize: initializeRemote,
};
