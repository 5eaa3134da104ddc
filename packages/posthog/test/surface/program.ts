import {
  type AllFlagsOptions,
  type BaseFlagEvaluationOptions,
  type BeforeSendFn,
  type CookieStore,
  cookieStateToProperties,
  cookieStoreFromHeader,
  createEventProcessor,
  type EventMessage,
  type FeatureFlagBucketingIdentifier,
  type FeatureFlagCondition,
  FeatureFlagError,
  type FeatureFlagErrorType,
  type FeatureFlagEvaluationRuntime,
  type FeatureFlagEvaluations,
  type FeatureFlagOverrideOptions,
  type FeatureFlagResult,
  type FlagDefinitionCacheData,
  type FlagDefinitionCacheInput,
  type FlagDefinitionCacheProvider,
  type FlagEvaluationOptions,
  type FlagProperty,
  type FlagPropertyValue,
  type GroupIdentifyMessage,
  getPostHogCookieName,
  type IdentifyMessage,
  type IPostHog,
  type OverrideFeatureFlagsOptions,
  PostHog,
  type PostHogCookieState,
  type PostHogFeatureFlag,
  type PostHogOptions,
  PostHogSentryIntegration,
  type PropertyGroup,
  parsePostHogCookie,
  readPostHogCookie,
  type SendFeatureFlagsOptions,
  type SentryIntegrationOptions,
  type SetPersonPropertiesMessage,
  sentryIntegration,
  serializePostHogCookie,
  setupExpressErrorHandler,
  setupExpressRequestContext,
  type UnresolvedFlagReason,
  type UnsetPersonPropertiesMessage,
  uuidv7,
} from "posthog-node";

// Typical code of the vendor's users, with every type, option, method and result. Compiled, but not run.

const lines: string[] = [];
const beforeSend: BeforeSendFn = (event) => {
  if (event.event === "secret") return null;
  event.properties = { ...event.properties, seen: true };
  lines.push(event.properties["plan"].toUpperCase(), event.timestamp?.toISOString() ?? "");
  const { disableGeoip, distinctId, flags, groups, sendFeatureFlags, uuid } = event;
  lines.push(
    `${disableGeoip}${distinctId}${sendFeatureFlags}${uuid}`,
    ...Object.keys(groups ?? {}),
  );
  lines.push(...(flags?.keys ?? []), `${event._originatedFromCaptureException}`);
  return event;
};
const renamed = (event: EventMessage): EventMessage => ({ ...event, event: `my ${event.event}` });

const cookies: CookieStore = cookieStoreFromHeader("a=b");
const visitor: PostHogCookieState | null = readPostHogCookie(cookies, "phc_key");
if (visitor) {
  visitor.deviceId = `${visitor.distinctId}${visitor.isIdentified}${visitor.sessionId}`;
  visitor.sessionLastActivityTimestamp = (visitor.sessionStartTimestamp ?? 0) + 1;
}
const cookie = cookies.get(getPostHogCookieName("phc_key"))?.value ?? serializePostHogCookie("a");
lines.push(cookieStateToProperties(parsePostHogCookie(cookie))?.["$session_id"] ?? "");

const value: FlagPropertyValue = ["a", 1];
const property: FlagProperty = {
  key: "plan",
  type: "person",
  value,
  operator: "exact",
  negation: false,
  dependency_chain: ["other"],
};
const condition: FeatureFlagCondition = {
  properties: [property],
  rollout_percentage: 50,
  variant: "test",
  aggregation_group_type_index: null,
};
const bucketing: FeatureFlagBucketingIdentifier = "device_id";
const runtime: FeatureFlagEvaluationRuntime = "server";
const flag: PostHogFeatureFlag = {
  id: 1,
  name: "A flag",
  key: "flag",
  bucketing_identifier: bucketing,
  filters: {
    aggregation_group_type_index: 0,
    groups: [condition],
    multivariate: { variants: [{ key: "test", rollout_percentage: 100 }] },
    payloads: { test: "{}" },
    holdout: { id: 1, exclusion_percentage: 10 },
    early_exit: false,
  },
  deleted: false,
  active: true,
  rollout_percentage: null,
  ensure_experience_continuity: false,
  experiment_set: [1],
  has_experiment: true,
  evaluation_contexts: ["web"],
  evaluation_tags: ["web"],
  evaluation_runtime: runtime,
};
const cohort: PropertyGroup = { type: "OR", values: [{ type: "AND", values: [property] }] };
const cached: FlagDefinitionCacheData = {
  flags: [flag],
  group_type_mapping: { "0": "company" },
  groupTypeMapping: { "0": "company" },
  cohorts: { "1": cohort },
  minimal_flag_called_events: true,
  minimalFlagCalledEvents: true,
  property_matching_version: 1,
  propertyMatchingVersion: 1,
};
cached.flags.push({ ...flag, key: "second" });
const provider: FlagDefinitionCacheProvider<FlagDefinitionCacheInput> = {
  getFlagDefinitions: async () => ({ flags: [flag], group_type_mapping: {}, cohorts: {} }),
  shouldFetchFlagDefinitions: () => true,
  onFlagDefinitionsReceived(data) {
    cached.flags = data.flags.filter(({ active, filters }) => active && filters?.groups?.length);
    cached.cohorts = data.cohorts;
  },
  shutdown: () => {},
};

const options: PostHogOptions = {
  host: "https://posthog.example",
  flushAt: 1,
  flushInterval: 1_000,
  maxBatchSize: 10,
  maxQueueSize: 100,
  disabled: false,
  defaultOptIn: true,
  disable_capture_url_hashes: true,
  readPostHogCookie: { sessionIdleTimeoutSeconds: 1_800, optOutCapturingByDefault: false },
  sendFeatureFlagEvent: true,
  preloadFeatureFlags: true,
  disableRemoteFeatureFlags: true,
  disableRemoteConfig: true,
  disableSurveys: true,
  bootstrap: {
    distinctId: "alice",
    isIdentifiedId: true,
    featureFlags: { flag: "test" },
    featureFlagPayloads: { flag: { a: [1, null] } },
  },
  fetchRetryCount: 1,
  fetchRetryDelay: 100,
  requestTimeout: 1_000,
  featureFlagsRequestTimeoutMs: 1_000,
  featureFlagsRequestMaxRetries: 1,
  remoteConfigRequestTimeoutMs: 1_000,
  sessionExpirationTimeSeconds: 60,
  disableCompression: true,
  disableGeoip: false,
  historicalMigration: false,
  evaluationContexts: ["web"],
  evaluationEnvironments: ["web"],
  personProfiles: "identified_only",
  addTracingHeaders: ["example.com"],
  persistence: "memory",
  secretKey: "phs_1",
  personalApiKey: "phx_1",
  privacyMode: true,
  enableExceptionAutocapture: false,
  featureFlagsPollingInterval: 30_000,
  maxCacheSize: 100,
  fetch: async (url, { body, credentials, headers, method, mode, signal }) => {
    if (body instanceof Uint8Array) lines.push(`${body.buffer.byteLength}`);
    lines.push(
      `${url}${body}${credentials}${headers["content-type"]}${method}${mode}${signal?.aborted}`,
    );
    return {
      status: 200,
      text: async () => "{}",
      json: async () => ({}),
      headers: { get: () => null },
      body: null,
    };
  },
  enableLocalEvaluation: true,
  flagDefinitionCacheProvider: provider,
  before_send: [beforeSend, renamed, (event) => event],
  custom_blocked_useragents: ["bot"],
  __preview_capture_bot_pageviews: true,
  strictLocalEvaluation: false,
  featureFlagsLogWarnings: true,
  waitUntil: (promise) => void promise.then(() => {}),
  waitUntilDebounceMs: 10,
  waitUntilMaxWaitMs: 100,
  isServer: true,
};
options.host = "https://other.example";
options.before_send = beforeSend;
options.custom_blocked_useragents?.push("crawler");
const ownFetch: PostHogOptions["fetch"] = (url, init) => fetch(url, init as RequestInit);
options.fetch = ownFetch;

const sent: SendFeatureFlagsOptions = {
  onlyEvaluateLocally: true,
  personProperties: { plan: "pro" },
  groupProperties: { company: { size: 5 } },
  flagKeys: ["flag"],
};
sent.flagKeys?.push("other");
const event: EventMessage = {
  event: "purchase",
  distinctId: "alice",
  properties: { amount: 5, 7: "seven" },
  groups: { company: 5, team: "a" },
  sendFeatureFlags: sent,
  timestamp: new Date(),
  disableGeoip: true,
  uuid: uuidv7(),
};
event.properties = { ...event.properties, more: true };
const person: IdentifyMessage = {
  distinctId: "alice",
  properties: { $set: {} },
  disableGeoip: true,
};
person.distinctId = "bob";
const set: SetPersonPropertiesMessage = {
  distinctId: "alice",
  properties: { plan: "pro" },
  propertiesOnce: { first: 1 },
};
const unset: UnsetPersonPropertiesMessage = { distinctId: "alice", properties: ["plan"] };
if (Array.isArray(unset.properties)) unset.properties.push("more");
const group: GroupIdentifyMessage = {
  groupType: "company",
  groupKey: "acme",
  properties: { size: 5 },
  distinctId: "alice",
  disableGeoip: true,
};
group.groupKey = "umbrella";

const base: BaseFlagEvaluationOptions = {
  groups: { company: "acme" },
  personProperties: { plan: "pro" },
  groupProperties: { company: { size: 5 } },
  onlyEvaluateLocally: true,
  disableGeoip: true,
};
base.personProperties = { ...base.personProperties, more: base.personProperties?.["plan"].length };
const one: FlagEvaluationOptions = { ...base, sendFeatureFlagEvents: false };
const all: AllFlagsOptions = { ...base, flagKeys: ["flag"] };
all.flagKeys?.push("other");
const parts: FeatureFlagOverrideOptions = { flags: { flag: "test" }, payloads: { flag: { a: 1 } } };
const overrides: OverrideFeatureFlagsOptions[] = [false, ["flag"], { flag: true }, parts];

/** Code that takes an interface works with a client or a substitute. */
export async function ask(client: IPostHog): Promise<readonly unknown[]> {
  client.capture(event);
  await client.captureImmediate({ ...event, flags: await client.evaluateFlags("alice", all) });
  client.captureException(new Error("e"), "alice", { a: 1, 2: "two" }, uuidv7());
  await client.captureExceptionImmediate("thrown", "alice", { a: 1 });
  client.identify(person);
  await client.identifyImmediate(person);
  client.setPersonProperties(set);
  client.unsetPersonProperties(unset);
  client.alias({ distinctId: "alice", alias: "al" });
  await client.aliasImmediate({ distinctId: "alice", alias: "al" });
  client.groupIdentify(group);
  await client.groupIdentifyImmediate(group);
  const isOn: boolean | undefined = await client.isFeatureEnabled("flag", "alice", one);
  const answer: string | boolean | undefined = await client.getFeatureFlag("flag", "alice", one);
  const payload = await client.getFeatureFlagPayload("flag", "alice", "test", one);
  const result: FeatureFlagResult | undefined = await client.getFeatureFlagResult(
    "flag",
    "alice",
    one,
  );
  lines.push(result?.key ?? "", `${result?.enabled}`, result?.variant ?? "", `${result?.payload}`);
  lines.push(result?.reason ?? "", result?.reasonCode ?? "");
  const flags: Record<string, string | boolean> = await client.getAllFlags("alice", all);
  const both = await client.getAllFlagsAndPayloads(all);
  lines.push(
    ...Object.keys(both.featureFlags ?? {}),
    ...Object.keys(both.featureFlagPayloads ?? {}),
  );
  await client.reloadFeatureFlags();
  for (const it of overrides) client.overrideFeatureFlags(it);
  const within: number = client.withContext({ sessionId: "s" }, () => 5, { fresh: true });
  client.enterContext(
    { distinctId: "alice", properties: { a: 1 } },
    { signal: new AbortController().signal },
  );
  const context = client.getContext();
  lines.push(context?.distinctId ?? "", context?.sessionId ?? "", context?.properties?.["a"].text);
  const isReady: boolean =
    client.isLocalEvaluationReady() || (await client.waitForLocalEvaluationReady());
  await client.shutdown(1_000);
  return [isOn, answer, payload, flags, within, isReady];
}

export async function read(snapshot: FeatureFlagEvaluations): Promise<readonly unknown[]> {
  const reason: UnresolvedFlagReason | undefined = snapshot.unresolvedFlags["flag"];
  const slice: FeatureFlagEvaluations = snapshot.only(["flag"]).onlyAccessed();
  const isOn: boolean = slice.isEnabled("flag", {
    defaultValue: true,
    sendFeatureFlagEvents: false,
  });
  const variant: string | boolean | undefined = slice.getFlag("flag", {
    sendFeatureFlagEvents: false,
  });
  const keys: string[] = snapshot.keys;
  return [reason, isOn, variant, snapshot.getFlagPayload("flag"), keys];
}

const errors: FeatureFlagErrorType[] = [
  FeatureFlagError.ERRORS_WHILE_COMPUTING,
  FeatureFlagError.FLAG_MISSING,
  FeatureFlagError.LOCAL_EVALUATION_INCONCLUSIVE,
  FeatureFlagError.QUOTA_LIMITED,
  FeatureFlagError.TIMEOUT,
  FeatureFlagError.CONNECTION_ERROR,
  FeatureFlagError.UNKNOWN_ERROR,
  FeatureFlagError.apiError(500),
];

export async function use(): Promise<readonly unknown[]> {
  const client: PostHog = new PostHog("phc_1", options);
  const answers = await ask(client);
  const silence: () => void = client.on("error", (error) => lines.push(error.message));
  client.on("anything", () => {});
  silence();
  client.debug();
  client.debug(false);
  await client.register({ plan: "pro" });
  await client.unregister("plan").then(() => client.enable());
  await client.disable();
  await client.optIn();
  await client.optOut();
  const pending: Promise<number> = client.addPendingPromise(Promise.resolve(5));
  await client.flush();
  client.getFeatureFlagKeysByEvaluationRuntime("server").push("more");
  const where: FeatureFlagEvaluationRuntime | undefined =
    client.getFeatureFlagEvaluationRuntime("flag");
  const remote = await client.getRemoteConfigPayload("flag");
  const { apiKey, host, isDebug, isDisabled, optedOut } = client;
  const own: PostHogOptions = client.options;
  const reading = own.readPostHogCookie;
  if (typeof reading === "object") {
    reading.sessionIdleTimeoutSeconds = 60;
    reading.optOutCapturingByDefault = true;
  }
  setupExpressRequestContext(client, { use: (middleware) => lines.push(`${middleware.length}`) });
  setupExpressErrorHandler(client, { use: (middleware) => lines.push(`${middleware.length}`) });
  const texts = [apiKey, host, client.getLibraryId(), client.getLibraryVersion(), ...errors];
  return [answers, await pending, where, remote, isDebug, isDisabled, optedOut, own, texts, event];
}

/** Getters of other SDKs do not compile. */
export function otherGetters(client: PostHog): void {
  // @ts-expect-error: GrowthBook's getter
  client.getFeatureValue("flag", "off");
  // @ts-expect-error: Eppo's getter
  client.getBooleanAssignment("flag", "alice", {}, false);
  // @ts-expect-error: Amplitude's getter
  client.evaluateV2({ user_id: "alice" });
}

// The integrations for Sentry 7 and 8.
const forSentry = new PostHog("phc_sentry", { disabled: true });
const { name: sentryName, setupOnce } = {
  ...new PostHogSentryIntegration(forSentry, "shop", "https://sentry.test/", ["error"], true),
};
setupOnce(
  (process) => lines.push(sentryName, `${process({ level: "info" })}`),
  () => undefined,
);
const sentryOptions: SentryIntegrationOptions = {
  organization: "shop",
  projectId: 1,
  prefix: "https://sentry.test/",
  severityAllowList: "*",
  sendExceptionsToPostHog: false,
};
sentryOptions.sendExceptionsToPostHog = false;
const { name: newName, processEvent } = sentryIntegration(forSentry, sentryOptions);
const linked = processEvent({ tags: { [PostHogSentryIntegration.POSTHOG_ID_TAG]: "user-1" } });
lines.push(newName, linked.tags["PostHog Person URL"]);
lines.push(createEventProcessor(forSentry)({ level: "info" }).level);
