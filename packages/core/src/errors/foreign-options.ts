import { stemOf } from "./nearest-name.js";

/** An option of ours, the advice to use it, and the names that vendors' and other SDKs give to it. */
type ForeignOption = readonly [option: string, advice: string, names: string];

/**
 * The first row with a name decides. A row only applies where its option exists, so a client, a source and a package of their own
 * may share the table.
 */
const OPTIONS: readonly ForeignOption[] = [
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
    "source",
    "use source, such as pollingSource(httpOrigin({ apiKey }))",
    "origin provider dataSource updateProcessor",
  ],
  ["streaming", "use streaming", "stream streamUpdates subscribeToChanges realtime sse"],
  [
    "initialConfiguration",
    "subjects are passed to each call, such as client.forSubject({ subjectKey, attributes })",
    "attributes user context subject subjectKey subjectAttributes userId distinctId defaultContext",
  ],
  [
    "onEvaluation",
    "use onEvaluation: openTelemetry()",
    "statsd metrics telemetry openTelemetry tracer meter",
  ],
  [
    "send",
    "use send, such as postTo({ url })",
    "logger exposureLogger trackingCallback onExposure",
  ],
  ["subjectKey", "use subjectKey", "userId id key distinctId targetingKey user subject"],
  [
    "attributes",
    "use attributes",
    "subjectAttributes userAttributes personProperties properties traits context",
  ],
];

/** Returns what to write for an option that other SDKs name so, or `null`. */
export function foreignAdvice(name: string, known: readonly string[]): string | null {
  const stem = stemOf(name);
  const isNamed = (names: string): boolean => names.split(" ").some((it) => stemOf(it) === stem);
  const row = OPTIONS.find(([option, , names]) => known.includes(option) && isNamed(names));
  return row?.[1] ?? null;
}
