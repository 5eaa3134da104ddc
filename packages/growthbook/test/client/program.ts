import {
  type ApplyDomChangesCallback,
  type Attributes,
  type AutoExperiment,
  type AutoExperimentChangeType,
  type AutoExperimentVariation,
  type CacheSettings,
  type CBContext,
  type ClientOptions,
  type ConditionInterface,
  type Context,
  type ContextualBanditDefinition,
  type ContextualBanditDefinitions,
  type CookieAttributes,
  clearCache,
  configureCache,
  type DestroyOptions,
  type DOMMutation,
  EVENT_EXPERIMENT_VIEWED,
  EVENT_FEATURE_EVALUATED,
  type EventLogger,
  type EventProperties,
  type Experiment,
  type ExperimentOverride,
  type ExperimentStatus,
  ExpressCookieStickyBucketService,
  evalCondition,
  type FeatureApiResponse,
  type FeatureDefinition,
  type FeatureDefinitions,
  type FeatureResult,
  type FeatureResultSource,
  type FeatureRule,
  type FeatureUsageCallback,
  type FeatureUsageCallbackWithUser,
  type Filter,
  GrowthBook,
  GrowthBookClient,
  GrowthBookMultiUser,
  type GrowthBookPayload,
  getAutoExperimentChangeType,
  getPolyfills,
  type Helpers,
  helpers,
  type InitOptions,
  type InitResponse,
  type InitSyncOptions,
  type IORedisCompat,
  isURLTargeted,
  type JSONValue,
  type LoadFeaturesOptions,
  type LocalStorageCompat,
  type LogUnion,
  type MultiUserOptions,
  type NavigateCallback,
  type Options,
  type ParentConditionInterface,
  type Plugin,
  type Polyfills,
  type PrefetchOptions,
  paddedVersionString,
  prefetchPayload,
  RedisStickyBucketService,
  type RefreshFeaturesOptions,
  type RenderFunction,
  type RequestCompat,
  type ResponseCompat,
  type Result,
  type SavedGroupCondition,
  type SavedGroupPayloadEntry,
  type SavedGroupReference,
  type SavedGroupsPayload,
  type SavedGroupsValues,
  type StickyAssignments,
  type StickyAssignmentsDocument,
  type StickyAttributeKey,
  StickyBucketService,
  StickyBucketServiceSync,
  type StickyExperimentKey,
  type SubscriptionFunction,
  setPolyfills,
  type TrackingCallback,
  type TrackingCallbackWithUser,
  type TrackingData,
  type TrackingDataWithUser,
  type TrackingUserContext,
  type UrlTarget,
  type UrlTargetType,
  type UserContext,
  UserScopedGrowthBook,
  type VariationMeta,
  type VariationRange,
  type WidenPrimitives,
} from "@growthbook/growthbook";
import {
  type DevtoolsState,
  devtoolsExpressPlugin,
  devtoolsNextjsPlugin,
  type ExpressRequestCompat,
  type GrowthBookTrackingOptions,
  getDebugEvent,
  getDebugScriptContents,
  getTracingTags,
  growthbookTrackingPlugin,
  type LogEvent,
  type NextjsReadonlyRequestCookiesCompat,
  type NextjsRequestCompat,
  type SdkInfo,
  TRACING_TAG_EXPERIMENT_PREFIX,
  type TracingAssignment,
  type TracingPluginOptions,
  type TrackingEventData,
  type TrackingTransport,
  tracingPlugin,
} from "@growthbook/growthbook/plugins";

// Typical code of the vendor's users, with every type, option, method and result. Compiled, but not run.

const lines: string[] = [];

// ── Payload ────────────────────────────────────────────────────────────────────────────────────────────

const reference: SavedGroupReference = { id: "group", attributeKey: "id" };
const inGroup: SavedGroupCondition = { $savedGroup: reference };
const condition: ConditionInterface = {
  $and: [
    { $or: [{ plan: "pro" }, inGroup] },
    { $not: { $nor: [{ age: { $gt: 5, $in: [1, "2"] } }] } },
  ],
};
const parent: ParentConditionInterface = { id: "parent", condition: { value: true }, gate: true };
const range: VariationRange = [0, 0.5];
const filter: Filter = { attribute: "id", seed: "s", hashVersion: 2, ranges: [range] };
const hashVersion: number = filter.hashVersion;
const meta: VariationMeta = { key: "a", name: "A", passthrough: false };
const bandit: CBContext = { leafId: 1, variationWeights: [0.5, 0.5], banditVersion: 1 };
const pattern: UrlTargetType = "simple";
const target: UrlTarget = { include: true, type: pattern, pattern: "/*" };
const status: ExperimentStatus = "running";
const experiment: Experiment<string> = {
  key: "exp",
  variations: ["a", "b"],
  ranges: [range],
  meta: [meta],
  filters: [filter],
  seed: "s",
  name: "Exp",
  phase: "1",
  urlPatterns: [target],
  weights: [0.5, 0.5],
  condition,
  parentConditions: [parent],
  coverage: 1,
  include: () => true,
  namespace: ["n", 0, 1],
  force: 1,
  hashAttribute: "id",
  fallbackAttribute: "anonId",
  hashVersion: 2,
  disableStickyBucketing: true,
  bucketVersion: 1,
  minBucketVersion: 0,
  active: true,
  persistQueryString: true,
  contextualBandit: bandit,
  status,
  url: /./,
  groups: ["beta"],
};
experiment.weights?.push(0);
const rule: FeatureRule = {
  id: "rule",
  condition,
  parentConditions: [parent],
  force: { any: "value" },
  variations: [1, "two", null],
  weights: [1],
  key: "exp",
  hashAttribute: "id",
  fallbackAttribute: "anonId",
  hashVersion: 2,
  disableStickyBucketing: true,
  bucketVersion: 1,
  minBucketVersion: 0,
  range,
  coverage: 1,
  namespace: ["n", 0, 1],
  ranges: [range],
  meta: [meta],
  filters: [filter],
  seed: "s",
  name: "Rule",
  phase: "1",
  contextualBanditRef: "cb",
  contextualVariations: ["a"],
};
for (const { experiment, result } of rule.tracks ?? [])
  lines.push(experiment.key, result.value.text);
const typedRule: FeatureRule<string> = { force: "a", variations: ["a", "b"] };
const definition: FeatureDefinition = { defaultValue: "a", rules: [rule, typedRule] };
const width: number =
  definition.defaultValue.length + rule.force.width + rule.variations?.[0].width;
const features: FeatureDefinitions = { feature: definition };
const mutations: DOMMutation[] = [
  {
    selector: "a",
    action: "set",
    attribute: "href",
    value: "/",
    parentSelector: "p",
    insertBeforeSelector: "b",
  },
];
const change: AutoExperimentVariation = {
  domMutations: mutations,
  css: "",
  js: "",
  urlRedirect: "/b",
};
const auto: AutoExperiment = { key: "auto", variations: [{}, change], changeId: "c", manual: true };
const changeType: AutoExperimentChangeType = getAutoExperimentChangeType(auto);
const ids: SavedGroupsValues = { list: ["alice", 5] };
const entries: SavedGroupPayloadEntry[] = [
  { type: "list", attributeKey: "id", values: ["alice"] },
  { type: "condition", condition },
];
const savedGroups: SavedGroupsPayload = { ...ids, first: entries[0]!, second: entries[1]! };
const bandits: ContextualBanditDefinition = {
  banditVersion: 1,
  contexts: [{ leafId: 1, condition: { plan: "pro" }, weights: [1] }],
};
const contextualBandits: ContextualBanditDefinitions = { cb: bandits };
const payload: GrowthBookPayload = {
  features,
  dateUpdated: "2026-01-01",
  encryptedFeatures: "",
  experiments: [auto],
  encryptedExperiments: "",
  savedGroups,
  encryptedSavedGroups: "",
  contextualBandits,
  encryptedContextualBandits: "",
};
payload.features = { ...payload.features, more: {} };

// ── Callbacks ──────────────────────────────────────────────────────────────────────────────────────────

const tracking: TrackingCallback = (tracked, result, user) => {
  const { inExperiment, key, name, stickyBucketUsed, value, variationId } = result;
  lines.push(
    tracked.key,
    tracked.variations[0].color,
    value.color,
    key,
    name ?? "",
    `${variationId}`,
  );
  lines.push(
    user?.attributes?.["company"].name,
    user?.url ?? "",
    `${inExperiment}${stickyBucketUsed}`,
  );
  lines.push(
    `${result.bucket}${result.featureId}${result.hashAttribute}${result.hashUsed}${result.hashValue}`,
  );
  lines.push(
    `${result.passthrough}${result.leafId}${result.variationWeights}${result.banditVersion}`,
  );
};
const trackingWithUser: TrackingCallbackWithUser = async (tracked, { value }, { attributes }) => {
  lines.push(tracked.key, value.color, attributes?.["id"].trim());
};
const usage: FeatureUsageCallback = (key, { value, source }) =>
  void lines.push(key, value.text, source);
const usageWithUser: FeatureUsageCallbackWithUser = (key, result, user) =>
  void lines.push(key, result.value.text, result.experiment?.variations[0].text, user.url ?? "");
const eventLogger: EventLogger = (name, properties: EventProperties, user: TrackingUserContext) => {
  if (name === EVENT_EXPERIMENT_VIEWED || name === EVENT_FEATURE_EVALUATED)
    lines.push(user.url ?? "");
  lines.push(String(properties["amount"]));
};
const navigate: NavigateCallback = (url) => void lines.push(url);
const apply: ApplyDomChangesCallback = (changes) => () => void lines.push(changes.css ?? "");
const renderer: RenderFunction = () => {};
const subscription: SubscriptionFunction = (tracked, { value }) =>
  void lines.push(tracked.key, value.a.b);
const log = (message: string, { count }: { count: number }): void =>
  void lines.push(message, `${count}`);
const plugin: Plugin = (gb) => {
  if ("onDestroy" in gb) gb.onDestroy(() => {});
};

// ── Sticky buckets ─────────────────────────────────────────────────────────────────────────────────────

const key: StickyAttributeKey = "id||alice";
const assigned: StickyExperimentKey = "exp__0";
const assignments: StickyAssignments = { [assigned]: "1" };
const document: StickyAssignmentsDocument = {
  attributeName: "id",
  attributeValue: "alice",
  assignments,
};
class Service extends StickyBucketService {
  constructor() {
    super({ prefix: "p" });
  }
  async getAssignments(name: string, value: string): Promise<StickyAssignmentsDocument | null> {
    return this.getKey(name, value) === this.prefix + key ? document : null;
  }
  async saveAssignments(doc: StickyAssignmentsDocument): Promise<void> {
    lines.push(doc.attributeName);
  }
}
class SyncService extends StickyBucketServiceSync {
  getAssignmentsSync(name: string, value: string): StickyAssignmentsDocument | null {
    return { ...document, attributeName: name, attributeValue: value };
  }
  saveAssignmentsSync(): void {}
}
const service = new Service();
const syncService = new SyncService();
const redis: IORedisCompat = { mget: async (...keys) => keys, set: async (_key, text) => text };
const request: RequestCompat = { cookies: { a: "b" }, anything: 5 };
const cookieAttributes: CookieAttributes = {
  expires: 5,
  path: "/",
  domain: "example.com",
  secure: true,
  sameSite: "lax",
};
lines.push(cookieAttributes["custom"].text);
const response: ResponseCompat = {
  cookie(name, value, options) {
    lines.push(name, value, options?.["custom"].text);
    return response;
  },
};
const ofRedis = new RedisStickyBucketService({ redis });
const ofExpress = new ExpressCookieStickyBucketService({
  prefix: "p",
  req: request,
  res: response,
  cookieAttributes,
});

export async function sticky(): Promise<unknown> {
  await ofRedis.saveAssignments(document);
  await ofExpress.saveAssignments(document);
  ofExpress.saveAssignmentsSync(document);
  return [
    await ofRedis.getAllAssignments({ id: "alice" }),
    await ofRedis.getAssignments("id", "alice"),
    await syncService.getAssignments("id", "alice"),
    await service.getAllAssignments({ id: "alice" }),
    ofRedis.getKey("id", "alice"),
    ofExpress.getAllAssignmentsSync({ id: "alice" })[key]?.assignments["exp__0"],
    ofExpress.getAssignmentsSync("id", "alice")?.attributeValue,
  ];
}

// ── One user ───────────────────────────────────────────────────────────────────────────────────────────

const attributes: Attributes = { id: "alice", nested: { deep: [1] } };
attributes["more"] = attributes["nested"].deep[0] + 1;
const override: ExperimentOverride = {
  condition,
  weights: [1],
  active: true,
  status: "draft",
  force: 0,
  coverage: 1,
  groups: ["a"],
  namespace: ["n", 0, 1],
  url: "/",
};
const options: Options = {
  enabled: true,
  attributes,
  url: "https://example.com",
  features,
  experiments: [auto],
  forcedVariations: { exp: 1 },
  forcedFeatureValues: new Map([["feature", 5]]),
  attributeOverrides: { id: "bob" },
  blockedChangeIds: ["c"],
  disableVisualExperiments: true,
  disableJsInjection: true,
  jsInjectionNonce: "n",
  disableUrlRedirectExperiments: true,
  disableCrossOriginUrlRedirectExperiments: true,
  disableExperimentsOnLoad: true,
  stickyBucketAssignmentDocs: { [key]: document },
  stickyBucketService: service,
  debug: true,
  log,
  qaMode: false,
  backgroundSync: false,
  subscribeToChanges: false,
  enableDevMode: true,
  disableCache: false,
  disableDevTools: true,
  trackingCallback: tracking,
  onFeatureUsage: usage,
  eventLogger,
  cacheKeyAttributes: ["id"],
  user: { id: "alice", anonId: "a", other: "b" },
  overrides: { exp: override },
  groups: { beta: true },
  apiHost: "https://gb.example",
  streamingHost: "https://gb.example",
  apiHostRequestHeaders: { a: "b" },
  streamingHostRequestHeaders: { a: "b" },
  clientKey: "sdk-1",
  renderer,
  decryptionKey: "k",
  remoteEval: false,
  navigate,
  navigateDelay: 0,
  maxNavigateDelay: 0,
  antiFlicker: false,
  antiFlickerTimeout: 0,
  applyDomChangesCallback: apply,
  savedGroups,
  contextualBandits,
  plugins: [plugin, growthbookTrackingPlugin(), tracingPlugin()],
};
options.trackingCallback = tracking;
options.forcedFeatureValues?.get("feature").toFixed();
options.log?.("message", 5);
const context: Context = { ...options, renderer: null };
const settings: CacheSettings = {
  backgroundSync: true,
  cacheKey: "k",
  staleTTL: 1,
  maxAge: 1,
  maxEntries: 1,
  disableIdleStreams: true,
  idleStreamInterval: 1,
  disableCache: false,
};
const initOptions: InitOptions = {
  timeout: 1_000,
  skipCache: true,
  payload,
  streaming: true,
  pollingInterval: 1_000,
  cacheSettings: settings,
};
const syncOptions: InitSyncOptions = { payload, streaming: false, pollingInterval: 0 };
const loading: LoadFeaturesOptions = { autoRefresh: true, timeout: 1, skipCache: true };
const refreshing: RefreshFeaturesOptions = { timeout: 1, skipCache: true };
const destroying: DestroyOptions = { destroyAllStreams: true };

interface AppFeatures extends Record<string, JSONValue> {
  color: string;
  size: number;
}

export async function instance(): Promise<unknown[]> {
  const gb = new GrowthBook(options);
  const typed: GrowthBook<AppFeatures> = new GrowthBook<AppFeatures>(context);
  const { error, source, success }: InitResponse = await gb.init(initOptions);
  if (!success) lines.push(source, error?.message ?? "");
  lines.push(gb.initSync(syncOptions).getUrl(), gb.version);
  await gb.loadFeatures(loading);
  await gb.refreshFeatures(refreshing);
  await gb.setPayload(payload);
  gb.debug = !gb.debug;
  gb.ready = gb.ready && gb.isOn("feature") && gb.isOff("feature");
  gb.logs = gb.logs.filter(({ logType, timestamp }: LogUnion) => logType !== "event" && timestamp);
  for (const entry of gb.logs) {
    if (entry.logType === "event") lines.push(entry.eventName, String(entry.properties?.["a"]));
    if (entry.logType === "experiment") lines.push(entry.experiment.key, entry.result.value.text);
    if (entry.logType === "feature") lines.push(entry.featureKey, entry.result.value.text);
  }
  const color: string = typed.getFeatureValue("color", "red");
  const size: WidenPrimitives<5> = typed.getFeatureValue("size", 5);
  const typedResult: FeatureResult<string | null> = typed.evalFeature("color");
  const anything: number = gb.evalFeature("feature").value.width;
  const result: FeatureResult = gb.feature("feature");
  const { experiment: shown, experimentResult, off, on, ruleId } = result;
  const why: FeatureResultSource = result.source;
  lines.push(
    result.value.text,
    shown?.variations[0].text,
    experimentResult?.value.text,
    ruleId,
    why,
  );
  const run: Result<string> = gb.run(experiment);
  const trimmed: string = run.value.trim();
  const triggered: Result<AutoExperimentVariation>[] | null = gb.triggerExperiment("auto");
  gb.triggerAutoExperiments();
  gb.setFeatures(features);
  gb.setExperiments([auto]);
  await gb.setEncryptedFeatures("text", "key");
  await gb.setEncryptedExperiments("text", "key");
  await gb.setAttributes({ ...gb.getAttributes(), id: gb.getAttributes()["id"].trim() });
  await gb.updateAttributes(attributes);
  await gb.setAttributeOverrides({ id: "bob" });
  await gb.setForcedVariations({ ...gb.getForcedVariations(), exp: 1 });
  gb.setForcedFeatures(
    new Map<string, number>([["feature", gb.getForcedFeatures().get("a").length]]),
  );
  await gb.setURL("https://example.com");
  gb.forceVariation("exp", 1);
  gb.setRenderer(renderer);
  gb.setTrackingCallback(tracking);
  gb.setFeatureUsageCallback(usage);
  gb.setEventLogger(eventLogger);
  await gb.logEvent("event", { a: 1 });
  gb.log("message", { a: 1 });
  const deferred: TrackingData[] = gb.getDeferredTrackingCalls();
  lines.push(
    deferred[0]?.experiment.variations[0].a,
    deferred[0]?.result.value.a,
    deferred[0]?.user?.url ?? "",
  );
  gb.setDeferredTrackingCalls(deferred);
  await gb.fireDeferredTrackingCalls();
  const ends: (() => void)[] = [
    gb.subscribe(subscription),
    gb._subscribeFeatureUsage((_key, { value }) => void lines.push(value.text)),
    gb._subscribeExperimentViewed(
      (viewed, { value }) => void lines.push(viewed.key, String(value)),
    ),
    gb._subscribeCustomEvents((name, properties) => void lines.push(name, String(properties["a"]))),
  ];
  for (const { experiment: it, result } of gb.getAllResults().values())
    lines.push(it.key, result.value.a);
  await gb.refreshStickyBuckets(payload);
  const documents = gb.generateStickyBucketAssignmentDocsSync(syncService, payload);
  const [host, clientKey]: [string, string] = gb.getApiInfo();
  const { apiHost, apiRequestHeaders, streamingHost, streamingHostRequestHeaders } =
    gb.getApiHosts();
  gb.onDestroy(() => {});
  gb.destroy(destroying);
  return [
    ...[
      color,
      size,
      typedResult,
      anything,
      off,
      on,
      trimmed,
      triggered,
      ends,
      documents,
      host,
      clientKey,
    ],
    ...[apiHost, apiRequestHeaders, streamingHost, streamingHostRequestHeaders, gb.getClientKey()],
    ...[gb.isRemoteEval(), gb.getCacheKeyAttributes(), gb.getPayload(), gb.getDecryptedPayload()],
    ...[
      gb.getFeatures()["feature"]!.defaultValue.text,
      gb.getExperiments()[0]?.key,
      gb.inDevMode(),
    ],
    ...[gb.getCompletedChangeIds(), gb.getRedirectUrl(), gb.isDestroyed()],
    ...[gb.getStickyBucketAssignmentDocs()[key]],
  ];
}

// ── Many users ─────────────────────────────────────────────────────────────────────────────────────────

const clientOptions: ClientOptions = {
  enabled: true,
  debug: true,
  globalAttributes: attributes,
  forcedVariations: { exp: 1 },
  forcedFeatureValues: new Map([["feature", "a"]]),
  log,
  qaMode: false,
  disableCache: true,
  trackingCallback: trackingWithUser,
  onFeatureUsage: usageWithUser,
  eventLogger,
  apiHost: "https://gb.example",
  streamingHost: "https://gb.example",
  apiHostRequestHeaders: { a: "b" },
  streamingHostRequestHeaders: { a: "b" },
  clientKey: "sdk-1",
  decryptionKey: "k",
  savedGroups,
  contextualBandits,
  plugins: [plugin],
};
clientOptions.trackingCallback = trackingWithUser;
const user: UserContext = {
  enabled: true,
  qaMode: false,
  enableDevMode: true,
  attributes,
  url: "/",
  blockedChangeIds: ["c"],
  stickyBucketAssignmentDocs: { [key]: document },
  saveStickyBucketAssignmentDoc: async (doc) => lines.push(doc.attributeName),
  forcedVariations: { exp: 1 },
  forcedFeatureValues: new Map([["feature", 5]]),
  attributeOverrides: { id: "bob" },
  trackingCallback: tracking,
  onFeatureUsage: usage,
  trackedExperiments: new Set(["a"]),
  trackedFeatureUsage: { a: "b" },
  devLogs: [],
  featureUsageSubs: new Set([(name) => void lines.push(name)]),
  experimentViewedSubs: new Set([(viewed) => void lines.push(viewed.key)]),
};
user.attributes = { ...user.attributes, more: user.attributes?.["id"].trim() };

export async function client(): Promise<unknown[]> {
  const gb = new GrowthBookClient(clientOptions);
  const multi: MultiUserOptions = clientOptions;
  const other = new GrowthBookMultiUser<AppFeatures>(multi);
  await gb.init(initOptions);
  lines.push(gb.initSync(syncOptions).getClientKey(), gb.version);
  await gb.setPayload(payload);
  await gb.refreshFeatures(refreshing);
  gb.debug = !gb.ready;
  gb.setGlobalAttributes({
    ...gb.getGlobalAttributes(),
    id: gb.getGlobalAttributes()["id"].trim(),
  });
  gb.setEventLogger(eventLogger);
  gb.setTrackingCallback(trackingWithUser);
  gb.setFeatureUsageCallback(usage);
  gb.logEvent("event", { a: 1 }, user);
  gb.log("message", { a: 1 });
  const applied: UserContext = await gb.applyStickyBuckets(user, service);
  const width: number = gb.evalFeature("feature", applied).value.width;
  const run: Result<string> = gb.runInlineExperiment(experiment, user);
  const color: string = other.getFeatureValue("color", "red", user);
  const scoped: UserScopedGrowthBook = gb.createScopedInstance(user, [plugin]);
  const own = new UserScopedGrowthBook(gb, user, [plugin]);
  const tracked: TrackingDataWithUser = { experiment, result: run, user: { attributes, url: "/" } };
  lines.push(tracked.result.value.text, tracked.experiment.variations[0].text);
  scoped.setAttributeOverrides({ id: "bob" });
  scoped.updateAttributes({ id: "bob" });
  scoped.setForcedFeatures(new Map([["feature", 5]]));
  scoped.setForcedVariations({ exp: 1 });
  scoped.setFeatureUsageCallback(usage);
  scoped.setTrackingCallback(tracking);
  scoped.setURL("/b");
  scoped.logEvent("event", { a: 1 });
  scoped.logs = [...scoped.logs];
  const end: () => void = scoped._subscribeExperimentViewed(() => {});
  const answers: unknown[] = [
    ...[scoped.evalFeature("feature").value.text, scoped.getFeatureValue("feature", 5) + 1, end],
    ...[
      scoped.isOn("feature"),
      scoped.isOff("feature"),
      scoped.runInlineExperiment(experiment).value,
    ],
    ...[
      scoped.getApiInfo(),
      scoped.getClientKey(),
      scoped.getDecryptedPayload(),
      scoped.inDevMode(),
    ],
    ...[
      scoped.getUserContext().url,
      scoped.getVersion(),
      own,
      width,
      color,
      gb.getApiHosts(),
      gb.getApiInfo(),
    ],
    ...[gb.getPayload(), gb.getDecryptedPayload(), gb.getFeatures()["a"]!.defaultValue.text],
    ...[gb.isOn("feature", user), gb.isOff("feature", user), gb.isDestroyed()],
  ];
  gb.destroy(destroying);
  return answers;
}

// ── The process ────────────────────────────────────────────────────────────────────────────────────────

const storage: LocalStorageCompat = { getItem: async () => null, setItem: () => {} };
const polyfills: Polyfills = {
  fetch,
  SubtleCrypto: crypto.subtle,
  EventSource: class {},
  localStorage: storage,
};

export async function process(): Promise<unknown[]> {
  setPolyfills(polyfills);
  setPolyfills({ fetch: getPolyfills().fetch, EventSource: undefined });
  lines.push(getPolyfills().SubtleCrypto.name, getPolyfills().EventSource.name);
  configureCache({ staleTTL: 5 });
  configureCache(settings);
  await clearCache();
  const prefetching: PrefetchOptions = {
    clientKey: "sdk-1",
    decryptionKey: "k",
    apiHost: "https://gb.example",
    apiHostRequestHeaders: { a: "b" },
    streamingHost: "https://gb.example",
    streamingHostRequestHeaders: { a: "b" },
    streaming: true,
    skipCache: true,
  };
  await prefetchPayload(prefetching);
  const { fetchFeaturesCall }: Helpers = helpers;
  helpers.fetchFeaturesCall = ({ host, clientKey, headers }) =>
    fetchFeaturesCall({ host: `${host}/proxy`, clientKey, headers: { ...headers, a: "b" } });
  helpers.fetchRemoteEvalCall = ({ host, payload }) =>
    fetch(host, {
      method: "POST",
      body: JSON.stringify({ ...payload, id: payload.attributes.id }),
    });
  const open = helpers.eventSourceCall;
  helpers.eventSourceCall = (call) => open(call);
  helpers.startIdleListener = () => () => {};
  helpers.stopIdleListener = () => {};
  const isMet: boolean = evalCondition({ a: 1 }, condition, savedGroups);
  return [
    isMet,
    isURLTargeted("/", [target]),
    paddedVersionString("1.2"),
    changeType,
    hashVersion,
    width,
  ];
}

// ── Plugins ────────────────────────────────────────────────────────────────────────────────────────────

const transport: TrackingTransport = "fetch";
const ingestion: GrowthBookTrackingOptions = {
  queueFlushInterval: 100,
  ingestorHost: "https://ingest.example",
  enable: true,
  debug: true,
  dedupeCacheSize: 10,
  dedupeKeyAttributes: ["id"],
  eventFilter: ({ attributes, eventName, properties, url }: TrackingEventData) =>
    eventName !== "secret" && attributes["id"].length > 0 && url !== "" && properties !== undefined,
  enableFeatureUsageEvents: true,
  transport,
};
const tracing: TracingPluginOptions = {
  onAssignment: (
    { experimentKey, hashAttribute, hashValue, tag, variationKey }: TracingAssignment,
    { attributes },
  ) =>
    void lines.push(
      experimentKey,
      hashAttribute,
      hashValue,
      variationKey,
      tag,
      attributes?.["a"].b,
    ),
};
const cookies: NextjsReadonlyRequestCookiesCompat = { get: (name) => ({ name, value: "v" }) };
const nextRequest: NextjsRequestCompat = {
  nextUrl: { searchParams: new URLSearchParams() },
  cookies: { get: (name) => ({ name, value: "v" }) },
};
const express: ExpressRequestCompat = { cookies: { a: "b" }, query: { a: "b" } };
const state: DevtoolsState = { attributes: { a: 1 }, features: { f: true }, experiments: { e: 1 } };
lines.push(state.attributes?.["a"].text, state.features?.["f"].text);

export function plugged(): unknown[] {
  const gb = new GrowthBook({
    plugins: [
      growthbookTrackingPlugin(ingestion),
      tracingPlugin(tracing),
      devtoolsExpressPlugin({ request: express }),
      devtoolsNextjsPlugin({
        request: nextRequest,
        searchParams: { _gbdebug: "1" },
        requestCookies: cookies,
      }),
    ],
  });
  const { logs, sdkInfo }: LogEvent = getDebugEvent(gb)!;
  const info: SdkInfo | undefined = sdkInfo;
  lines.push(info?.apiHost ?? "", info?.clientKey ?? "", info?.source ?? "", info?.version ?? "");
  lines.push(info?.attributes?.["a"].text, String(info?.payload?.features));
  const tags: string[] = getTracingTags(gb);
  return [logs, tags, TRACING_TAG_EXPERIMENT_PREFIX, getDebugScriptContents(gb)];
}
export const response200: FeatureApiResponse = payload;

/** Getters of other SDKs do not compile. */
export function otherGetters(client: GrowthBook): void {
  // @ts-expect-error: Amplitude's getter
  client.evaluateV2({ user_id: "alice" });
  // @ts-expect-error: Eppo's getter
  client.getBooleanAssignment("flag", "alice", {}, false);
  // @ts-expect-error: PostHog's getter
  client.getFeatureFlag("flag", "alice");
}
