import { VERSION } from "../version.js";
import { LocalEvaluationClient } from "./local/client.js";
import type { LocalEvaluationConfig } from "./local/config.js";
import { RemoteEvaluationClient } from "./remote/client.js";
import type { RemoteEvaluationConfig } from "./remote/config.js";

/** The instances of a process, by key and name. */
interface Instances {
  readonly remote: Map<string, RemoteEvaluationClient>;
  readonly local: Map<string, LocalEvaluationClient>;
}

/** Shared by the ES module, the CommonJS module, and other installed copies of the same major version. */
function instances(): Instances {
  const key = Symbol.for(`@sortition/amplitude ${VERSION.split(".", 1)[0]}`);
  const known = (globalThis as { [key: symbol]: Instances | undefined })[key]; // no other package uses it
  if (known !== undefined) return known;
  const value: Instances = { remote: new Map(), local: new Map() };
  Object.defineProperty(globalThis, key, { value, configurable: true });
  return value;
}

/** The instance of a key and name, or else a new one. */
function instanceOf<T>(
  known: Map<string, T>,
  apiKey: string,
  config: { readonly instanceName?: string | undefined } | undefined,
  create: () => T,
): T {
  const name = `${apiKey}-${config?.instanceName}`;
  const client = known.get(name) ?? create();
  known.set(name, client);
  return client;
}

const initializeRemote: ExperimentFactory["initializeRemote"] = (apiKey, config) =>
  instanceOf(instances().remote, apiKey, config, () => new RemoteEvaluationClient(apiKey, config));

const initializeLocal: ExperimentFactory["initializeLocal"] = (apiKey, config) =>
  instanceOf(instances().local, apiKey, config, () => new LocalEvaluationClient(apiKey, config));

/** Creates clients. */
export interface ExperimentFactory {
  /** @throws OptionError for a bad option. */
  initializeRemote(apiKey: string, config?: RemoteEvaluationConfig): RemoteEvaluationClient;
  /** @throws OptionError for a bad option. */
  initializeLocal(apiKey: string, config?: LocalEvaluationConfig): LocalEvaluationClient;
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
  initializeLocal,
  initialize: initializeRemote,
};
