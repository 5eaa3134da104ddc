import {
  type Attributes,
  type AttributeType,
  type BanditActions,
  type BanditSubjectAttributes,
  type ContextAttributes,
  EppoAssignmentLogger,
  getInstance,
  type IAssignmentDetails,
  type IAssignmentEvent,
  type IAssignmentLogger,
  type IBanditEvent,
  type IBanditLogger,
  type IClientConfig,
  init,
  NO_OP_EVENT_DISPATCHER,
} from "@eppo/node-server-sdk";

// Code as users of the vendor's package write it, with every type, option, method and result. Only
// compiled, not run.

type Client = Awaited<ReturnType<typeof init>>;

const lines: string[] = [];
const assignmentLogger: IAssignmentLogger = {
  logAssignment(event: IAssignmentEvent) {
    const { allocation, entityId, evaluationDetails, experiment, featureFlag, format } = event;
    lines.push(allocation ?? "", `${entityId ?? 0}`, experiment ?? "", featureFlag, format);
    lines.push(event.variation ?? "", event.subject, event.timestamp);
    lines.push(event.subjectAttributes["plan"].toUpperCase(), String(event.metaData?.["sdk"]));
    lines.push(evaluationDetails?.flagEvaluationCode ?? "", String(event["holdoutKey"]));
  },
};
const banditLogger: IBanditLogger = {
  logBanditAction(event: IBanditEvent) {
    lines.push(event.featureFlag, event.bandit, event.subject, event.timestamp, event.action ?? "");
    lines.push(`${event.actionProbability ?? 0}${event.optimalityGap ?? 0}${event.modelVersion}`);
    lines.push(...Object.keys(event.subjectNumericAttributes ?? {}));
    lines.push(...Object.keys(event.subjectCategoricalAttributes ?? {}));
    lines.push(...Object.keys(event.actionNumericAttributes ?? {}));
    lines.push(...Object.keys(event.actionCategoricalAttributes ?? {}));
    lines.push(String(event.metaData), event.evaluationDetails?.banditAction ?? "");
  },
};

const config: IClientConfig = {
  apiKey: "key",
  assignmentLogger,
  banditLogger,
  baseUrl: "https://eppo.example",
  requestTimeoutMs: 1_000,
  numInitialRequestRetries: 1,
  numPollRequestRetries: 7,
  pollAfterFailedInitialization: true,
  pollingIntervalMs: 30_000,
  throwOnFailedInitialization: false,
  eventTracking: {
    batchSize: 10,
    deliveryIntervalMs: 100,
    enabled: true,
    maxQueueSize: 100,
    maxRetries: 3,
    maxRetryDelayMs: 1_000,
    retryIntervalMs: 100,
  },
};
config.baseUrl = "https://other.example";
config.pollingIntervalMs = 10_000;
if (config.eventTracking) config.eventTracking.enabled = false;

const age: AttributeType = 5;
const attributes: Attributes = { age, plan: "pro", isNew: true };
attributes["more"] = "yes";
const context: ContextAttributes = {
  numericAttributes: { age: 5 },
  categoricalAttributes: { plan: "pro" },
};
const subject: BanditSubjectAttributes = context;
const actions: BanditActions = { red: { price: 5 }, blue: { price: 6 } };

class Logger extends EppoAssignmentLogger {
  override async logAssignment(event: IAssignmentEvent): Promise<void> {
    lines.push(event.featureFlag);
  }
}

export async function answers(): Promise<unknown[]> {
  const client: Client = await init(config);
  client.setAssignmentLogger(assignmentLogger);
  client.setBanditLogger(banditLogger);
  const text: string = client.getStringAssignment("flag", "alice", attributes, "off");
  const isOn: boolean = client.getBooleanAssignment("flag", "alice", attributes, false);
  const isOnToo: boolean = client.getBoolAssignment("flag", "alice", attributes, false);
  const count: number = client.getIntegerAssignment("flag", "alice", attributes, 1);
  const share: number = client.getNumericAssignment("flag", "alice", attributes, 0.5);
  const json: object = client.getJSONAssignment("flag", "alice", attributes, { a: 1 });
  const { action, variation } = client.getBanditAction("flag", "alice", subject, actions, "off");
  const chosen: string = action ?? variation;
  const best: string = client.getBestAction("flag", context, actions, "off");
  const details: IAssignmentDetails<string> = client.getStringAssignmentDetails(
    "flag",
    "alice",
    attributes,
    "off",
  );
  const { evaluationDetails } = details;
  lines.push(details.variation, details.action ?? "", evaluationDetails.environmentName);
  lines.push(evaluationDetails.flagEvaluationCode, evaluationDetails.flagEvaluationDescription);
  lines.push(evaluationDetails.variationKey ?? "", String(evaluationDetails.variationValue));
  lines.push(evaluationDetails.banditKey ?? "", evaluationDetails.banditAction ?? "");
  lines.push(evaluationDetails.configFetchedAt, evaluationDetails.configPublishedAt);
  const { matchedAllocation, matchedRule, unmatchedAllocations } = evaluationDetails;
  lines.push(matchedAllocation?.key ?? "", String(matchedRule?.conditions.length));
  for (const it of [...unmatchedAllocations, ...evaluationDetails.unevaluatedAllocations]) {
    lines.push(it.key, it.allocationEvaluationCode, `${it.orderPosition + 1}`);
  }
  const others: unknown[] = [
    client.getBooleanAssignmentDetails("flag", "alice", attributes, false).variation === true,
    client.getIntegerAssignmentDetails("flag", "alice", attributes, 1).variation + 1,
    client.getNumericAssignmentDetails("flag", "alice", attributes, 1).variation + 1,
    client.getJSONAssignmentDetails("flag", "alice", attributes, {}).variation,
    client.getBanditActionDetails("flag", "alice", subject, actions, "off").action,
    client.getAssignmentDetail("flag", "alice", attributes).flagEvaluationDetails,
  ];
  const entry: { name: string } = client.getExperimentContainerEntry(
    {
      flagKey: "flag",
      controlVariationEntry: { name: "control" },
      treatmentVariationEntries: [{ name: "treatment" }],
    },
    "alice",
    attributes,
  );
  return [text, isOn, isOnToo, count, share, json, chosen, best, entry.name, ...others];
}

type FlagStore = Parameters<Client["setFlagConfigurationStore"]>[0];

/** The user's own store of flags or of parts of bandits. */
class Store<T> {
  readonly salt: string = "";
  #entries: Record<string, T> = {};
  #format: ReturnType<FlagStore["getFormat"]> = null;
  #environment: ReturnType<FlagStore["getEnvironment"]> = null;
  #fetchedAt: string | null = null;
  #publishedAt: string | null = null;
  async init(): Promise<void> {}
  get(key: string): T | null {
    return this.#entries[key] ?? null;
  }
  entries(): Record<string, T> {
    return this.#entries;
  }
  getKeys(): string[] {
    return Object.keys(this.#entries);
  }
  async setEntries(entries: Record<string, T>): Promise<boolean> {
    this.#entries = entries;
    return true;
  }
  isInitialized(): boolean {
    return true;
  }
  async isExpired(): Promise<boolean> {
    return false;
  }
  getFormat(): ReturnType<FlagStore["getFormat"]> {
    return this.#format;
  }
  setFormat(format: ReturnType<FlagStore["getFormat"]>): void {
    this.#format = format;
  }
  getEnvironment(): ReturnType<FlagStore["getEnvironment"]> {
    return this.#environment;
  }
  setEnvironment(environment: ReturnType<FlagStore["getEnvironment"]>): void {
    this.#environment = environment;
  }
  getConfigFetchedAt(): string | null {
    return this.#fetchedAt;
  }
  setConfigFetchedAt(at: string): void {
    this.#fetchedAt = at;
  }
  getConfigPublishedAt(): string | null {
    return this.#publishedAt;
  }
  setConfigPublishedAt(at: string): void {
    this.#publishedAt = at;
  }
}

export function stores(client: Client): void {
  type Models = Parameters<Client["setBanditModelConfigurationStore"]>[0];
  type Variations = Parameters<Client["setBanditVariationConfigurationStore"]>[0];
  const flags: FlagStore = new Store();
  const models: Models = new Store();
  const variations: Variations = new Store();
  client.setFlagConfigurationStore(flags);
  client.setBanditModelConfigurationStore(models);
  client.setBanditVariationConfigurationStore(variations);
  for (const { banditKey, modelData, modelName, modelVersion } of Object.values(models.entries())) {
    lines.push(banditKey, modelName, modelVersion, `${modelData.gamma}`);
  }
  for (const { flagKey, key, variationKey, variationValue } of Object.values(
    variations.entries(),
  ).flat()) {
    lines.push(flagKey, key, variationKey, variationValue);
  }
  const logger: Parameters<Client["setLogger"]>[0] = console as never;
  client.setLogger(logger);
  const detail = client.getAssignmentDetail("flag", "alice", attributes);
  lines.push(detail.allocationKey ?? "", detail.flagKey, detail.format, detail.subjectKey);
  lines.push(`${detail.doLog}${detail.entityId}`, detail.variation?.key ?? "");
  lines.push(...Object.keys(detail.extraLogging), String(detail.subjectAttributes["plan"]));
}

export async function settings(): Promise<unknown[]> {
  const client: Client = getInstance();
  const memory = new Map<string, string>();
  client.useCustomAssignmentCache({
    has: ({ flagKey, subjectKey }) => memory.has(flagKey + subjectKey),
    set: ({ flagKey, subjectKey }) => void memory.set(flagKey + subjectKey, ""),
  });
  client.useCustomBanditAssignmentCache({ has: () => false, set: () => {} });
  client.useLRUInMemoryAssignmentCache(100);
  client.useNonExpiringInMemoryAssignmentCache();
  client.useNonExpiringInMemoryBanditAssignmentCache();
  client.useExpiringInMemoryBanditAssignmentCache(100, 1_000);
  client.disableAssignmentCache();
  client.disableBanditAssignmentCache();
  client.setIsGracefulFailureMode(false);
  client.setIsObfuscated(false);
  client.setContext("release", "1.0");
  client.setEventDispatcher(NO_OP_EVENT_DISPATCHER);
  client.setEventDispatcher({
    attachContext: (key, value) => void lines.push(key, String(value)),
    dispatch: ({ payload, timestamp, type, uuid }) =>
      void lines.push(type, uuid, String(payload), `${timestamp}`),
  });
  client.track("purchase", { amount: 5 });
  client.setConfigurationRequestParameters({
    apiKey: "key",
    sdkName: "mine",
    sdkVersion: "1.0",
    baseUrl: "https://eppo.example",
    requestTimeoutMs: 1_000,
    numInitialRequestRetries: 1,
    numPollRequestRetries: 1,
    pollAfterFailedInitialization: true,
    pollAfterSuccessfulInitialization: true,
    pollingIntervalMs: 1_000,
    skipInitialPoll: true,
    throwOnFailedInitialization: false,
  });
  await client.fetchFlagConfigurations();
  client.stopPolling();
  const precomputed: string = client.getPrecomputedConfiguration("alice", attributes, {}, "salt");
  const flags = client.getFlagConfigurations();
  for (const {
    allocations,
    enabled,
    entityId,
    key,
    totalShards,
    variationType,
    variations,
  } of Object.values(flags)) {
    lines.push(key, variationType, `${enabled}${entityId}${totalShards}`);
    for (const it of Object.values(variations)) lines.push(it.key, String(it.value));
    for (const { doLog, endAt, rules, splits, startAt } of allocations) {
      lines.push(String(doLog), String(startAt), String(endAt), `${rules?.[0]?.conditions.length}`);
      for (const { extraLogging, shards, variationKey } of splits) {
        lines.push(variationKey, ...Object.keys(extraLogging ?? {}));
        for (const { ranges, salt } of shards)
          lines.push(salt, `${ranges[0]!.end - ranges[0]!.start}`);
      }
    }
  }
  client.setOverrideStore({
    get: () => null,
    entries: () => ({}),
    getKeys: () => [],
    isInitialized: () => true,
    setEntries: () => {},
  });
  client.unsetOverrideStore();
  const overridden: Client | object = client.withOverrides({});
  const overrides: unknown = await client.parseOverrides(undefined);
  const isReady: boolean = client.isInitialized();
  const keys: string[] = client.getFlagKeys();
  return [
    precomputed,
    overridden,
    overrides,
    isReady,
    keys,
    client.getOverrideVariationKeys(),
    Logger,
  ];
}

/** Other SDKs' getters do not compile. */
export function otherGetters(client: ReturnType<typeof getInstance>): void {
  // @ts-expect-error: it is GrowthBook's
  client.getFeatureValue("flag", "off");
  // @ts-expect-error: it is Amplitude's
  client.evaluateV2({ user_id: "alice" });
  // @ts-expect-error: it is PostHog's
  client.getFeatureFlag("flag", "alice");
}
