import { Agent } from "node:https";
import {
  AmplitudeCookie,
  type AssignmentConfig,
  Defaults,
  Experiment,
  ExperimentClient,
  type ExperimentConfig,
  type ExperimentUser,
  type FetchOptions,
  type FlagConfig,
  type FlagConfigCache,
  InMemoryFlagConfigCache,
  LocalEvaluationClient,
  type LocalEvaluationConfig,
  type LoggerProvider,
  LogLevel,
  RemoteEvaluationClient,
  type RemoteEvaluationConfig,
  RemoteEvaluationDefaults,
  type Variant,
  type Variants,
} from "@amplitude/experiment-node-server";

// Code as users of the vendor's package write it, with every type, option, method and result. Only
// compiled, not run.

const lines: string[] = [];
const logger: LoggerProvider = {
  verbose: (message, ...rest) => void lines.push(message ?? "", rest[0].text),
  debug: (message) => void lines.push(`${message}`),
  info: (message, first) => void lines.push(`${message} ${first.toFixed()}`),
  warn(message?: string, ...optionalParams: string[]) {
    lines.push(message ?? "", ...optionalParams);
  },
  error: console.error,
};

let level: LogLevel = LogLevel.Disable;
level = LogLevel.Error;
level = Number("3");
const quiet: LogLevel.Warn = LogLevel.Warn;
const names: string[] = [LogLevel.Info, LogLevel.Debug, LogLevel.Verbose].map((it) => LogLevel[it]);
names.push(LogLevel[level], LogLevel[quiet]);
const parsed: LogLevel = LogLevel["Info" as keyof typeof LogLevel];

const remoteConfig: RemoteEvaluationConfig = {
  debug: false,
  logLevel: parsed,
  loggerProvider: logger,
  instanceName: "main",
  serverZone: "eu",
  serverUrl: "https://amplitude.example",
  fetchTimeoutMillis: 1_000,
  fetchRetries: 2,
  fetchRetryBackoffMinMillis: 100,
  fetchRetryBackoffMaxMillis: 1_000,
  fetchRetryBackoffScalar: 1.5,
  fetchRetryTimeoutMillis: 1_000,
  httpAgent: new Agent(),
};
remoteConfig.httpAgent?.destroy();
remoteConfig.debug = true;
remoteConfig.fetchRetries =
  (RemoteEvaluationDefaults.fetchRetries ?? 0) + (Defaults.fetchRetries ?? 0);
const formerConfig: ExperimentConfig = { ...remoteConfig };

const assignmentConfig: AssignmentConfig = {
  apiKey: "analytics",
  cacheCapacity: 10,
  flushQueueSize: 1,
};
const localConfig: LocalEvaluationConfig = {
  debug: true,
  logLevel: LogLevel.Verbose,
  loggerProvider: logger,
  instanceName: "main",
  serverZone: "us",
  serverUrl: "https://amplitude.example",
  bootstrap: { flag: { key: "flag" } },
  flagConfigPollingIntervalMillis: 30_000,
  assignmentConfig,
  exposureConfig: { apiKey: "analytics", cacheCapacity: 10 },
  streamUpdates: true,
  streamServerUrl: "https://stream.example",
  streamFlagConnTimeoutMillis: 1_500,
  cohortSyncConfig: {
    apiKey: "key",
    secretKey: "secret",
    cohortServerUrl: "https://cohort.example",
    maxCohortSize: 100,
    cohortPollingIntervalMillis: 60_000,
  },
  httpAgent: new Agent(),
};
const agent: Agent | undefined = localConfig.httpAgent;
localConfig.streamUpdates = false;
localConfig.serverZone = "eu";
const zone: "us" | "eu" | undefined = localConfig.serverZone;
if (localConfig.cohortSyncConfig) localConfig.cohortSyncConfig.maxCohortSize = 5;
if (localConfig.assignmentConfig) localConfig.assignmentConfig.cacheCapacity = 5;

const user: ExperimentUser = {
  user_id: "alice",
  device_id: "phone",
  country: "de",
  city: "Berlin",
  region: "be",
  dma: "1",
  language: "de",
  platform: "ios",
  version: "1.0",
  os: "ios",
  device_manufacturer: "a",
  device_brand: "b",
  device_model: "c",
  carrier: "d",
  library: "mine/1.0",
  ip_address: "127.0.0.1",
  user_properties: { plan: "pro", seats: 5, isNew: true, tags: ["a", 1, false] },
  groups: { org: ["acme"] },
  group_properties: { org: { acme: { tier: "gold", tags: ["x"] } } },
  cohort_ids: ["c1"],
  group_cohort_ids: { org: { acme: ["c2"] } },
};
user.cohort_ids?.push("c3");
user.groups?.["org"]?.push("umbrella");
const tags = user.user_properties?.["tags"];
if (Array.isArray(tags)) tags.push("more");

const options: FetchOptions = { flagKeys: ["flag"], tracksAssignment: false, tracksExposure: true };
options.flagKeys?.push("other");
const isTracked: boolean | undefined = options.tracksExposure;

export async function remote(): Promise<string> {
  const client: RemoteEvaluationClient = Experiment.initializeRemote("key", remoteConfig);
  const former: ExperimentClient = Experiment.initialize("key", formerConfig);
  const own = new RemoteEvaluationClient("key", remoteConfig);
  const older = new ExperimentClient("key", {});
  const variants: Variants = await client.fetchV2(user, options);
  const all = { ...(await former.fetch(user)), ...(await own.fetch(user, options)) };
  const variant: Variant = variants["flag"]!;
  const color: string = variant.payload.color;
  const source: unknown = variant.metadata?.["source"];
  for (const [key, { payload, value }] of Object.entries(await older.fetchV2(user))) {
    lines.push(key, value ?? "", payload.items[0].name, String(source));
  }
  return `${all["flag"]!.key}${variants["flag"]!.value}${color}`;
}

class Store implements FlagConfigCache {
  readonly #flags = new Map<string, FlagConfig>();
  async get(flagKey: string): Promise<FlagConfig> {
    return this.#flags.get(flagKey)!;
  }
  async getAll(): Promise<Record<string, FlagConfig>> {
    return Object.fromEntries(this.#flags);
  }
  async put(flagKey: string, flagConfig: FlagConfig): Promise<void> {
    this.#flags.set(flagKey, flagConfig);
  }
  async putAll(flagConfigs: Record<string, FlagConfig>): Promise<void> {
    for (const [key, flag] of Object.entries(flagConfigs)) await this.put(key, flag);
  }
  async delete(flagKey: string): Promise<void> {
    this.#flags.delete(flagKey);
  }
  async clear(): Promise<void> {
    this.#flags.clear();
  }
}

export async function local(): Promise<string[]> {
  const client: LocalEvaluationClient = Experiment.initializeLocal("key", localConfig);
  const other = new LocalEvaluationClient(
    "key",
    localConfig,
    new InMemoryFlagConfigCache(new Store()),
    {
      async request(url: string, method: string, headers: Record<string, string>, body: string) {
        lines.push(url, method, headers["Authorization"] ?? "", body);
        return { status: 200, body: "[]" };
      },
    },
  );
  await client.start();
  const variants: Record<string, Variant> = client.evaluateV2(user, ["flag"], {
    tracksExposure: true,
  });
  const evaluated: Variants = await other.evaluate(user, ["flag"]);
  const { cache, cohortStorage } = client;
  const flag: FlagConfig = await cache.get("flag");
  await cache.put("copy", { ...flag, key: "copy" });
  await cache.putAll(await cache.getAll());
  await cache.delete("copy");
  for (const key of Object.keys(cache.getAllCached())) lines.push(key);
  await cache.clear();
  const cohort = cohortStorage.getCohort("c1");
  if (cohort !== undefined) {
    cohortStorage.put(cohort);
    const { cohortId, groupType, groupTypeId, lastComputed, lastModified, memberIds, size } =
      cohort;
    lines.push(cohortId, groupType, ...memberIds);
    lines.push(`${groupTypeId + lastComputed + lastModified + size}`);
  }
  const ids: Set<string> = cohortStorage.getAllCohortIds();
  for (const id of cohortStorage.getCohortsForUser("alice", ids)) cohortStorage.delete(id);
  const ofGroup: Set<string> = cohortStorage.getCohortsForGroup("org", "acme", ids);
  client.stop();
  return [variants["flag"]!.payload.text, evaluated["flag"]!.value ?? "", ...ofGroup];
}

export const cookies: string[] = [
  AmplitudeCookie.cookieName("key", true),
  AmplitudeCookie.generate("device", true),
  AmplitudeCookie.parse("value", true).device_id ?? "",
];
export const used: readonly unknown[] = [zone, agent, isTracked, names];

/** Read by the types of mocks: `jest.mocked(client.stop).mockReturnValue(undefined)`. */
export const ended: ReturnType<LocalEvaluationClient["stop"]> = undefined;

/** Other SDKs' getters do not compile. */
export function otherGetters(client: LocalEvaluationClient): void {
  // @ts-expect-error: it is GrowthBook's
  client.getFeatureValue("flag", "off");
  // @ts-expect-error: it is Eppo's
  client.getBooleanAssignment("flag", "alice", {}, false);
  // @ts-expect-error: it is PostHog's
  client.getFeatureFlag("flag", "alice");
}
