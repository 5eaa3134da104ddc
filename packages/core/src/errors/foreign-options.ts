import { stemOf } from "./nearest-name.js";

/** An option of ours, the advice to use it, and the names that vendors' and other SDKs give to it. */
type ForeignOption = readonly [option: string, advice: string, names: string];

/**
 * The first row with a name decides. A row only applies where its option exists, so a client, a source and a package of their own
 * may share the table.
 */
const CLIENT_OPTIONS: readonly ForeignOption[] = [
  [
    "assignmentLogger",
    "use assignmentLogger",
    "logger loggers banditLogger trackingCallback onExposure onAssignment",
  ],
  ["apiKey", "use apiKey", "sdkKey clientKey deploymentKey clientToken key token accessToken"],
  ["baseUrl", "use baseUrl", "apiUrl apiHost baseUri serverUrl endpoint uri url host"],
  [
    "pollIntervalMs",
    "use pollIntervalMs, in milliseconds",
    "pollingInterval refreshInterval updateInterval interval ttl cacheTTL",
  ],
  ["initializationTimeoutMs", "use initializationTimeoutMs", "readyTimeoutMs initTimeout timeout"],
  ["requestTimeoutMs", "use requestTimeoutMs", "fetchTimeout httpTimeout timeout"],
  [
    "initialConfiguration",
    "use initialConfiguration: Configuration.from({ flagsConfiguration })",
    "bootstrap initialFlags flags configuration config payload datafile",
  ],
  ["diagnostics", 'use diagnostics: consoleDiagnostics("debug")', "logLevel debug verbose"],
  ["diagnostics", "use diagnostics, such as pinoDiagnostics(logger)", "log loggerProvider"],
  ["diskCache", "use diskCache: { directory, maxAgeMs }", "cacheDir cacheDirectory persistence"],
  [
    "deduplication",
    "use deduplication: { assignments: { max } }",
    "assignmentCache cache cacheSize",
  ],
  [
    "exposures",
    "a member of exposures: { … }",
    "includeEvaluationDetails maxConcurrent maxQueueEvents maxQueueBytes overflow loggerTimeoutMs",
  ],
  ["overrides", "use overrides", "forcedVariations forcedFeatureValues testData"],
  ["onEvaluation", "use onEvaluation", "onFeatureUsage onFlagEvaluated hooks"],
  ["dispatcher", "use dispatcher, with a dispatcher from undici", "agent httpAgent httpsAgent"],
  [
    "dispatcher",
    "for a private certificate authority, set the environment variable NODE_EXTRA_CA_CERTS to the path of its certificate",
    "ca cert certs tls ssl https rejectUnauthorized strictSSL",
  ],
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
    "localEvaluation enableLocalEvaluation",
  ],
  [
    "initialConfiguration",
    "not needed: pollIntervalMs: null or a staticSource sends no requests",
    "offline offlineMode enabled disabled mock testMode",
  ],
  [
    "initialConfiguration",
    "a default is the last argument of each getter; overrides force a variation",
    "fallback fallbacks default defaults defaultValue defaultValues",
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
    "an option of your logger, such as segmentLogger",
    "flushAt flushInterval batchSize eventBatchSize maxQueueSize",
  ],
  [
    "send",
    "use send, such as postTo({ url })",
    "logger exposureLogger trackingCallback onExposure",
  ],
  ["sample", "use sample, from 0 to 1", "sampleRate sampling rate percentage"],
  ["onDifference", "use onDifference", "onMismatch onDiff onCompare listener callback logger"],
  ["subjectKey", "use subjectKey", "userId id key distinctId targetingKey user subject"],
  [
    "attributes",
    "use attributes",
    "subjectAttributes userAttributes personProperties properties traits context",
  ],
  [
    "initialConfiguration",
    "not needed: a failed attempt never stops polling",
    "retries maxRetries retryCount retryDelay numRetries",
  ],
];

/** Rows for options that a client does not have, so that its bundle does not contain them. */
const OTHER_OPTIONS: readonly ForeignOption[] = [
  ["directory", "use directory", "path dir folder cacheDir file"],
  ["apiKey", "not needed: an API key is enough", "appKey applicationKey"],
  ["site", "not needed: leave it out", "service version tags"],
  ["appId", "not needed: leave it out", "method protocol platform"],
  ["logs", 'use logs: logs.getLogger("app")', "logger loggerProvider"],
  [
    "spans",
    "not needed: the SDK that your application starts is used",
    "meterProvider tracerProvider meter tracer",
  ],
  ["pollingIntervalMs", "use pollingIntervalMs", "pollInterval pollIntervalMs refreshInterval"],
  ["maxRetries", "use maxRetries", "retries retryCount numRetries"],
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
  [
    "sha256",
    "write sha256, which `sortition-relay token` prints with the token",
    "token secret value key password hash",
  ],
  ["listen", 'use listen, such as "0.0.0.0:8080"', "port host hostname address bind"],
  ["host", "use host", "baseUrl apiUrl apiHost url endpoint dataPlaneUrl"],
];

/** Returns what to write for an option that other SDKs name so; `null` if no table has the name. */
export function foreignAdvice(name: string, known: readonly string[]): string | null {
  return clientAdvice(name, known) ?? adviceIn(OTHER_OPTIONS, name, known);
}

/** Returns what to write for an option of a client that other SDKs name so, or `null`. */
export function clientAdvice(name: string, known: readonly string[]): string | null {
  return adviceIn(CLIENT_OPTIONS, name, known);
}

function adviceIn(
  rows: readonly ForeignOption[],
  name: string,
  known: readonly string[],
): string | null {
  const stem = stemOf(name);
  const isNamed = (names: string): boolean => names.split(" ").some((it) => stemOf(it) === stem);
  return rows.find(([option, , names]) => known.includes(option) && isNamed(names))?.[1] ?? null;
}
