import { processWide } from "@sortition/node/internal";
import { createLog } from "../messages/logging.js";
import { RELEASE } from "../version.js";
import { LocalEvaluationClient } from "./local/client.js";
import type { LocalEvaluationConfig } from "./local/config.js";
import { RemoteEvaluationClient } from "./remote/client.js";
import type { RemoteEvaluationConfig } from "./remote/config.js";

const instances = () =>
  processWide(RELEASE, () => ({
    remote: new Map<string, RemoteEvaluationClient>(),
    local: new Map<string, LocalEvaluationClient>(),
  }));

type Config = LocalEvaluationConfig | RemoteEvaluationConfig;

/**
 * Options that clients were created with, until a caller was warned that other options are ignored.
 */
const CREATED_WITH = new WeakMap<object, Config>();

/** Returns the instance for a key and name, and creates it if necessary. */
function instanceOf<T extends object>(
  known: Map<string, T>,
  apiKey: string,
  config: Config | undefined,
  create: () => T,
): T {
  const name = `${apiKey}-${config?.instanceName}`;
  const existing = known.get(name);
  if (existing !== undefined) {
    if (config) warnOfIgnored(existing, config);
    return existing;
  }
  const client = create();
  known.set(name, client);
  CREATED_WITH.set(client, { ...config });
  return client;
}

/** Warns that options are ignored, which the vendor's client does silently. */
function warnOfIgnored(client: object, config: Config): void {
  const former = CREATED_WITH.get(client);
  if (former === undefined) return;
  const ignored = Object.entries(config).filter(
    ([option, value]) => !isSameOption(value, former[option as keyof Config]),
  );
  if (ignored.length === 0) return;
  CREATED_WITH.delete(client);
  const options = ignored.map(([option]) => option).join(", ");
  createLog(former).mistake(
    `[Experiment] options of a later call are ignored: ${options}; there is one client for each key and instanceName, so pass another instanceName`,
  );
}

/**
 * Whether two values of an option have the same content. Functions and objects with methods must be
 * identical.
 */
function isSameOption(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (!isPlainObject(a) || !isPlainObject(b)) return false;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => isSameOption(a[name], b[name]));
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}

const initializeRemote: ExperimentFactory["initializeRemote"] = (apiKey, config) =>
  instanceOf(instances().remote, apiKey, config, () => new RemoteEvaluationClient(apiKey, config));

const initializeLocal: ExperimentFactory["initializeLocal"] = (apiKey, config) =>
  instanceOf(instances().local, apiKey, config, () => new LocalEvaluationClient(apiKey, config));

/** Creates clients. */
export interface ExperimentFactory {
  /** @throws OptionError for an invalid option. */
  initializeRemote(apiKey: string, config?: RemoteEvaluationConfig): RemoteEvaluationClient;
  /** @throws OptionError for an invalid option. */
  initializeLocal(apiKey: string, config?: LocalEvaluationConfig): LocalEvaluationClient;
  /** @deprecated use `initializeRemote`. */
  initialize(apiKey: string, config?: RemoteEvaluationConfig): RemoteEvaluationClient;
}

/**
 * Creates clients, one for each key and `instanceName` in a process. The options of later calls are
 * ignored.
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
