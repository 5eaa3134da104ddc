/** An option of ours, the advice to use it, and the names that vendors' and other SDKs give to it. */
type ForeignOption = readonly [option: string, advice: string, names: string];

/**
 * The first row with a name decides. A row only applies where its option exists, so a client, a source and a package of their own
 * may share the table.
 */
const FOREIGN_OPTIONS: readonly ForeignOption[] = [
  [
    "assignmentLogger",
    "use assignmentLogger",
    "logger loggers exposureLogger eventLogger banditLogger trackingCallback onExposure onAssignment assignmentCallback",
  ],
  [
    "apiKey",
    "use apiKey",
    "sdkKey clientKey deploymentKey serverKey environmentKey key token api_key sdk_key apiToken accessToken",
  ],
  [
    "baseUrl",
    "use baseUrl",
    "apiUrl apiHost apiBaseUrl apiEndpoint baseURL baseUri base_url api_host api_url serverUrl endpoint uri url host",
  ],
  [
    "pollIntervalMs",
    "use pollIntervalMs, in milliseconds",
    "pollInterval pollIntervalSeconds pollingInterval pollingIntervalMs pollingIntervalSeconds poll_interval refreshInterval refreshIntervalMs refreshIntervalSeconds updateInterval interval ttl cacheTTL cacheTtl",
  ],
  [
    "initializationTimeoutMs",
    "use initializationTimeoutMs",
    "readyTimeoutMs readyTimeout initTimeout initTimeoutMs initializationTimeout timeout timeoutMs",
  ],
  [
    "requestTimeoutMs",
    "use requestTimeoutMs",
    "requestTimeout fetchTimeout fetchTimeoutMs fetchTimeoutMillis httpTimeout timeout timeoutMs timeoutSeconds",
  ],
  [
    "initialConfiguration",
    "use initialConfiguration: Configuration.from({ flagsConfiguration })",
    "bootstrap initialFlags flags configuration config payload datafile initialState",
  ],
  [
    "diagnostics",
    'use diagnostics: consoleDiagnostics("debug")',
    "logLevel log_level debug verbose diagnosticLevel",
  ],
  [
    "diagnostics",
    "use diagnostics, such as pinoDiagnostics(logger)",
    "log applicationLogger customLogger loggerProvider",
  ],
  [
    "diskCache",
    "use diskCache: { directory, maxAgeMs }",
    "cacheDir cacheDirectory persistence disk",
  ],
  [
    "deduplication",
    "use deduplication: { assignments: { max } }",
    "assignmentCache exposureCache dedupe cache cacheSize",
  ],
  ["isGracefulMode", "use isGracefulMode", "gracefulMode graceful throwOnError strict"],
  [
    "overrides",
    "use overrides",
    "forcedVariations forcedFeatureValues forced overrideFlags testData",
  ],
  ["onEvaluation", "use onEvaluation", "onFeatureUsage onFlagEvaluated hooks onEvaluate"],
  ["headers", "use headers", "httpHeaders customHeaders requestHeaders apiHostRequestHeaders"],
  ["dispatcher", "use dispatcher, with a dispatcher from undici", "agent httpAgent httpsAgent"],
  ["proxy", "use proxy", "proxyUrl httpProxy httpsProxy proxyOptions"],
  ["fetch", "use fetch", "customFetch fetchImpl httpClient"],
  [
    "source",
    "use source, such as pollingSource(httpOrigin({ apiKey }))",
    "origin provider dataSource updateProcessor",
  ],
  ["streaming", "use streaming", "stream streamUpdates subscribeToChanges realtime sse"],
  [
    "initialConfiguration",
    "an option of a vendor's source, such as growthbookSource({ streaming: true })",
    "streaming stream streamUpdates backgroundSync subscribeToChanges realtime sse",
  ],
  [
    "initialConfiguration",
    "subjects are passed to each call, such as client.forSubject({ subjectKey, attributes })",
    "attributes user context subject subjectKey subjectAttributes userId distinctId defaultContext",
  ],
  [
    "initialConfiguration",
    "not needed: a key belongs to one environment",
    "environment environmentId environmentTier env project projectId",
  ],
  [
    "initialConfiguration",
    "not needed: flags are always evaluated in this process",
    "localEvaluation enableLocalEvaluation evaluationMode onlyEvaluateLocally",
  ],
  [
    "initialConfiguration",
    "not needed: pollIntervalMs: null or a staticSource sends no requests",
    "offline offlineMode enabled disabled mock testMode",
  ],
  ["source", "use source: redis({ redis, origin })", "redis store featureStore dataStore"],
  [
    "onEvaluation",
    "use onEvaluation: openTelemetry()",
    "statsd metrics telemetry openTelemetry tracer meter",
  ],
  [
    "initialConfiguration",
    'call client.on("ready", …), or one of its other events',
    "onReady onError onUpdate onConfigurationChanged onChange listener listeners callback",
  ],
  [
    "initialConfiguration",
    "default values are passed to each getter",
    "defaults defaultValues fallback fallbacks",
  ],
  [
    "initialConfiguration",
    "not needed: a failed attempt never stops polling",
    "retries maxRetries retryCount retryDelay numRetries",
  ],
  [
    "initialConfiguration",
    "an option of your logger, such as segmentLogger",
    "flushAt flushInterval flushIntervalMs batchSize eventBatchSize maxQueueSize",
  ],
  [
    "initialConfiguration",
    "call installShutdownHooks(client)",
    "gracefulShutdown closeOnExit handleSignals",
  ],
  [
    "send",
    "use send, such as postTo({ url })",
    "logger exposureLogger trackingCallback onExposure",
  ],
  ["maxRetries", "use maxRetries", "retries retryCount numRetries"],
  ["sample", "use sample, from 0 to 1", "sampleRate sampling rate percentage"],
  ["onDifference", "use onDifference", "onMismatch onDiff onCompare listener callback logger"],
  ["subjectKey", "use subjectKey", "userId user_id id key distinctId targetingKey user"],
  ["attributes", "use attributes", "subjectAttributes userAttributes properties traits context"],
  ["clientKey", "use clientKey", "apiKey sdkKey key token"],
  ["sdkKey", "use sdkKey", "apiKey clientKey key token"],
  ["deploymentKey", "use deploymentKey", "apiKey sdkKey clientKey key token"],
  ["secretKey", "use secretKey, with projectApiKey", "apiKey sdkKey clientKey key token"],
  ["writeKey", "use writeKey", "apiKey key token"],
  ["apiHost", "use apiHost", "baseUrl apiUrl host url endpoint"],
  ["baseUri", "use baseUri", "baseUrl apiUrl host url endpoint"],
  ["serverUrl", "use serverUrl", "baseUrl apiUrl apiHost host url endpoint"],
  ["endpoint", "use endpoint", "collector collectorUrl collectorEndpoint baseUrl apiUrl host url"],
  ["dataPlaneUrl", "use dataPlaneUrl", "dataPlane baseUrl apiUrl host url endpoint"],
  ["listen", 'use listen, such as "0.0.0.0:8080"', "port host hostname address bind"],
  ["host", "use host", "baseUrl apiUrl apiHost url endpoint dataPlaneUrl"],
];

/** Returns what to write for an option that other SDKs name so; `null` if the table does not have the name. */
export function foreignAdvice(name: string, known: readonly string[]): string | null {
  const row = FOREIGN_OPTIONS.find(
    ([option, , names]) => known.includes(option) && names.split(" ").includes(name),
  );
  return row?.[1] ?? null;
}
