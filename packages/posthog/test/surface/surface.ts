import type { SurfaceLists } from "@sortition/dialect-kit/surface";

const IDLE = "accepted without effect, as with the vendor in Node; one warning";
const TELEMETRY = "logs, spans and metrics are not provided";
const AI = "AI capture is not provided";
const EMAIL = "e-mails are not provided";
const SURVEYS = "surveys run in the browser";
const CLASS = "contains a class, whose private members are not the vendor's";
const BODY = "`body` of `fetch` is never a `Blob`";
const HONO =
  "the Hono middleware is not provided; `withContext` in your own middleware does the same";

function of(owner: string, ...names: readonly string[]): string[] {
  return names.map((name) => `${owner}.${name}`);
}

function all(reason: string, ...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, reason]));
}

const METHODS: readonly string[] = [
  ...["capture", "captureImmediate", "captureException", "captureExceptionImmediate", "identify"],
  ...["identifyImmediate", "alias", "aliasImmediate", "groupIdentify", "groupIdentifyImmediate"],
  ...["setPersonProperties", "unsetPersonProperties", "isFeatureEnabled", "getFeatureFlag"],
  ...["getFeatureFlagResult", "getFeatureFlagPayload", "getAllFlags", "getAllFlagsAndPayloads"],
  ...["evaluateFlags", "getRemoteConfigPayload", "getFeatureFlagEvaluationRuntime"],
  ...["getFeatureFlagKeysByEvaluationRuntime", "overrideFeatureFlags", "reloadFeatureFlags"],
  ...["isLocalEvaluationReady", "waitForLocalEvaluationReady", "withContext", "enterContext"],
  ...["getContext", "register", "unregister", "enable", "disable", "isDisabled", "optIn", "optOut"],
  ...["optedOut", "debug", "isDebug", "on", "addPendingPromise", "flush", "shutdown", "options"],
  ...["getLibraryId", "getLibraryVersion", "apiKey", "host"],
];

const OPTIONS: readonly string[] = [
  ...["__preview_capture_bot_pageviews", "before_send", "custom_blocked_useragents"],
  ...["defaultOptIn", "disableCompression", "disableGeoip", "disable_capture_url_hashes"],
  ...["disabled", "enableExceptionAutocapture", "enableLocalEvaluation", "evaluationContexts"],
  ...["evaluationEnvironments", "featureFlagsLogWarnings", "featureFlagsPollingInterval"],
  ...["featureFlagsRequestMaxRetries", "featureFlagsRequestTimeoutMs", "fetch"],
  ...["fetchRetryCount", "fetchRetryDelay", "flagDefinitionCacheProvider", "flushAt"],
  ...["flushInterval", "historicalMigration", "host", "isServer", "maxBatchSize", "maxCacheSize"],
  ...["maxQueueSize", "personalApiKey", "privacyMode", "readPostHogCookie", "requestTimeout"],
  ...[
    "secretKey",
    "sendFeatureFlagEvent",
    "strictLocalEvaluation",
    "waitUntil",
    "waitUntilDebounceMs",
  ],
  "waitUntilMaxWaitMs",
];

const IDLE_OPTIONS: readonly string[] = [
  ...["addTracingHeaders", "bootstrap", "disableRemoteConfig", "disableRemoteFeatureFlags"],
  ...["disableSurveys", "persistence", "personProfiles", "preloadFeatureFlags"],
  ...["remoteConfigRequestTimeoutMs", "sessionExpirationTimeSeconds"],
];

/** Members that only the vendor's own code uses. */
const INNER_MEMBERS: readonly string[] = [
  ...["_capturePreparedEvent", "_flushMetricsWithinInvocation", "_shutdown", "fetch", "flushAt"],
  ...["distinctIdHasSentFlagCalls", "getCustomUserAgent", "getErrorPropertiesBuilder"],
  ...["getPersistedProperty", "setPersistedProperty", "preloadFeatureFlags", "projectToken"],
  "prepareEventMessage",
];

const BASE = "PostHogBackendClient";

/** Names of `posthog-node` 5.70.0, and our equivalents. */
export const POSTHOG_SURFACE: SurfaceLists = {
  works: [
    "PostHog",
    ...of("PostHog", ...METHODS),
    ...of("PostHog", "alias(data).*", "aliasImmediate(data).*", "getAllFlags(options).flagKeys"),
    ...of("PostHog", "getAllFlagsAndPayloads().*", "getFeatureFlag(options).*"),
    ...of("PostHog", "getFeatureFlagPayload(options).*", "getFeatureFlagResult(options).*"),
    ...of("PostHog", "isFeatureEnabled(options).*", "withContext(data).*"),
    ...of("PostHog.options", ...OPTIONS, "flagDefinitionCacheProvider.*", "before_send(event).*"),
    ...["PostHog.options.readPostHogCookie.*", "CookieStore", "CookieStore.*"],
    ...["PostHogCookieState", "PostHogCookieState.*", "cookieStateToProperties"],
    ...["cookieStoreFromHeader", "getPostHogCookieName", "parsePostHogCookie"],
    ...["readPostHogCookie", "serializePostHogCookie"],
    ...["FeatureFlagEvaluations", "FeatureFlagError", "FeatureFlagError.*", "uuidv7"],
    ...of("FeatureFlagEvaluations", "getFlag", "getFlag(options).*", "getFlagPayload", "isEnabled"),
    ...of("FeatureFlagEvaluations", "isEnabled(options).*", "keys", "only", "onlyAccessed"),
    "FeatureFlagEvaluations.unresolvedFlags",
    ...[
      "setupExpressRequestContext",
      "setupExpressErrorHandler",
      "setupExpressErrorHandler(app).use",
    ],
    "setupExpressRequestContext(app).use",
    ...["AllFlagsOptions", "BaseFlagEvaluationOptions", "BaseFlagEvaluationOptions.*"],
    ...["FlagEvaluationOptions", "FeatureFlagResult", "FeatureFlagResult.*", "BeforeSendFn"],
    ...["EventMessage", "GroupIdentifyMessage", "GroupIdentifyMessage.*", "IdentifyMessage"],
    ...["IdentifyMessage.*", "SetPersonPropertiesMessage", "SetPersonPropertiesMessage.*"],
    ...["UnsetPersonPropertiesMessage", "UnsetPersonPropertiesMessage.*"],
    ...[
      "SendFeatureFlagsOptions",
      "SendFeatureFlagsOptions.*",
      "ContextData.*",
      "ContextOptions.*",
    ],
    ...["FeatureFlagOverrideOptions", "FeatureFlagOverrideOptions.*"],
    ...["OverrideFeatureFlagsOptions", "FeatureFlagEvaluationRuntime", "UnresolvedFlagReason"],
    ...["FlagDefinitionCacheData", "FlagDefinitionCacheData.*", "FlagDefinitionCacheInput"],
    ...["FlagDefinitionCacheProvider", "FlagDefinitionCacheProvider.*", "PostHogOptions"],
    ...["PostHogFeatureFlag", "PostHogFeatureFlag.*", "FeatureFlagCondition"],
    ...["FeatureFlagCondition.*", "FlagProperty", "FlagProperty.*", "FlagPropertyValue"],
    ...["PropertyGroup", "PropertyGroup.*", "FeatureFlagBucketingIdentifier"],
    ...["FeatureFlagErrorType", "IPostHog", "IPostHog.*", "createEventProcessor"],
    ...["PostHogSentryIntegration", "PostHogSentryIntegration.*", "SentryIntegrationOptions"],
    "SentryIntegrationOptions.*",
    ...["_SentryIntegration.*", "sentryIntegration", "typeof PostHogSentryIntegration.*"],
  ],
  differs: {
    ...all(IDLE, ...of("PostHog.options", ...IDLE_OPTIONS, "bootstrap.*")),
    ...all("`PostHog` has all of it", ...of(BASE, ...METHODS)),
    ...all("`options.privacyMode`", "PostHog.privacyMode", `${BASE}.privacyMode`),
    ...all("`FetchOption` and `FetchAnswer`", "PostHogFetchOptions.*", "PostHogFetchResponse.*"),
  },
  notThere: {
    ...all(AI, "IPostHog.captureAi", "IPostHog.captureAiImmediate"),
    ...all(TELEMETRY, "IPostHog.metrics", "IPostHog.startSpan", "IPostHog.withSpan"),
    "IPostHog.getActiveSpan": TELEMETRY,
    "IPostHog.emails": EMAIL,
    ...all(TELEMETRY, "PostHog.captureLog", "PostHog.getActiveSpan", "PostHog.logger"),
    ...all(TELEMETRY, "PostHog.metrics", "PostHog.startSpan", "PostHog.withSpan"),
    ...all(TELEMETRY, ...of(BASE, "captureLog", "getActiveSpan", "logger", "metrics")),
    ...all(TELEMETRY, ...of(BASE, "startSpan", "withSpan")),
    ...all(TELEMETRY, ...of("PostHog.options", "logs", "metrics", "traces")),
    ...all(TELEMETRY, "BeforeSpanSendFn", "CaptureMetricOptions", "HistogramOptions", "Metrics"),
    ...all(TELEMETRY, "MetricsConfig", "Span*", "StartSpanOptions", "TracesConfig"),
    ...all(TELEMETRY, "PostHogLogsConfig*", "HTTP_SERVER_REQUEST_COUNT_METRIC"),
    ...all(TELEMETRY, "HTTP_SERVER_REQUEST_DURATION_METRIC", "instrumentRequest"),
    ...all(TELEMETRY, "InstrumentRequestOptions*", "enrichCurrentSpan", "PostHogForRequests.*"),
    ...all(AI, "PostHog.captureAi", "PostHog.captureAiImmediate", "PostHog.enableFullAiCapture"),
    ...all(AI, ...of(BASE, "captureAi", "captureAiImmediate", "enableFullAiCapture")),
    "PostHog.options.enableFullAiCapture": AI,
    ...all(
      EMAIL,
      "PostHog.emails",
      `${BASE}.emails`,
      "Email*",
      "CodeEmail*",
      "SendCodeEmailOptions",
    ),
    ...all(
      EMAIL,
      "SendEmail*",
      "SendTemplateEmailOptions",
      "SetEmailPreferences*",
      "TemplateEmail*",
    ),
    ...all(EMAIL, "GetEmailResponse", "Without.*", ...of("PostHog.options", "appHost")),
    ...all(EMAIL, ...of("PostHog.options", "emailRequestMaxRetries", "emailRequestTimeoutMs")),
    "PostHog.options.migratedFrom": EMAIL,
    ...all(SURVEYS, "PostHog.disableSurveys", "PostHog.getSurveysStateless", "Survey*"),
    ...all(SURVEYS, ...of(BASE, "disableSurveys", "getSurveysStateless"), "ActionStepType.*"),
    ...all(SURVEYS, "EndBranching.type", "NextQuestionBranching.type"),
    ...all(SURVEYS, "ResponseBasedBranching.*", "SpecificQuestionBranching.*"),
    ...all(HONO, "posthogHonoMiddleware", "posthogHonoMiddleware(options).ignore"),
    "HonoContextLike.*": HONO,
  },
  otherTypes: {
    "read PostHog": "`options.privacyMode`",
    ...all(BODY, "new PostHog", "read PostHogOptions", "write PostHogOptions"),
    ...all(CLASS, "new FeatureFlagEvaluations", "read FeatureFlagEvaluations"),
    ...all(CLASS, "read EventMessage", "write EventMessage", "read IPostHog", "write IPostHog"),
    ...all(CLASS, "read BeforeSendFn", "write BeforeSendFn", "new PostHogSentryIntegration"),
    ...all(CLASS, "typeof createEventProcessor", "typeof sentryIntegration"),
    ...all(CLASS, "typeof setupExpressRequestContext", "typeof setupExpressErrorHandler"),
  },
  inner: [
    ...of("PostHog", ...INNER_MEMBERS, "prepareEventMessage().*"),
    ...of("PostHog", "_sendLogsBatch*", "_sendMetricsBatch*", "_sendTracesBatch*"),
    ...of(BASE, ...INNER_MEMBERS, "_sendLogsBatch", "_sendMetricsBatch", "_sendTracesBatch"),
    ...["FeatureFlagEvaluations._getEventProperties", "FeatureFlagEvaluationsHost.*"],
    ...["FlagCalledEventParams.*", "typeof FeatureFlagEvaluations(init).*", "CoercingContext.*"],
    ...["ErrorProperties.*", "ErrorPropertiesBuilder.*", "EventHint.*", "Exception.*"],
    ...["ExceptionLike.*", "Mechanism.*", "MiddlewareError.*", "StackFrame*"],
    "PostHogCaptureOptions.*",
  ],
};

/** Names in the vendor's prototypes that its declarations omit or mark as private or protected. */
export const INNER_PROTOTYPE: readonly string[] = [
  ...["_captureFlagCalledEventIfNeeded", "_consumeWaitUntilCycle", "_flush"],
  ...["_flushEventsAndSpans", "_flushKeepingRuntimeAlive", "_flushRoute"],
  ...["_getFeatureFlagEvaluationsHost", "_getFeatureFlagResult", "_isFeatureFlagOverrideOptions"],
  ...["_logContext", "_logsPipeline", "_prepareEventMessage", "_requestRemoteConfigPayload"],
  ...["_resolveDistinctId", "_resolveSendFeatureFlagEvents", "_resolveServiceName"],
  ...["_runBeforeSend", "_sendOtlpBatch", "_sendPreparedAiEvent", "_sendPreparedEvent"],
  ...["_serviceNameProperties", "_shouldSendMinimalFlagCalledEvent", "_spanContextManager"],
  ...["_tracesPipeline", "_tracingContext", "_warnIfInvalidCapture"],
  ...["addLocalPersonAndGroupProperties", "aliasStateless", "aliasStatelessImmediate"],
  ...["buildPayload", "captureStateless", "captureStatelessImmediate", "categorizeRequestError"],
  ...["clearFlushTimer", "compressPayload", "constructor", "createErrorPropertiesBuilder"],
  ...["createFeatureFlagEvaluationContext", "enqueue", "extractPropertiesFromEvent"],
  ...["fetchWithRetry", "flushAutomatic", "flushBackground", "flushInternal", "flushStorage"],
  ...["flushWithPendingPromises", "getActiveQueueRoutes", "getBatchEndpointPath"],
  ...["getCommonEventProperties", "getCustomHeaders", "getEvaluationRuntime"],
  ...["getFeatureFlagDetailStateless", "getFeatureFlagDetailsStateless"],
  ...["getFeatureFlagPayloadStateless", "getFeatureFlagPayloadsStateless"],
  ...["getFeatureFlagStateless", "getFeatureFlagsAndPayloadsStateless"],
  ...["getFeatureFlagsForEvent", "getFeatureFlagsStateless", "getFlags"],
  ...["getFlagsResponseFormat", "getQueueRouteKey", "getRemoteConfig", "getRouteQueue"],
  ...["getV1Sender", "groupIdentifyStateless", "groupIdentifyStatelessImmediate"],
  ...["hostResourceAttributes", "identifyStateless", "identifyStatelessImmediate"],
  ...["initializeContext", "initializeSpanContextManager", "isMinimalFlagCalledEventsEnabled"],
  ...["logMsgIfDebug", "mergeCommonEventProperties", "normalizeMessage"],
  ...["normalizeTimestampForWire", "persistedQueueKeyForRoute"],
  ...["personPropertiesForLocalEvaluation", "prepareMessage", "processBeforeEnqueue", "props"],
  ...["resolveWaitUntilFlush", "scheduleDebouncedFlush", "sendAiCaptureBatch", "sendAiSubBatch"],
  ...["sendBatch", "sendImmediate", "waitForPendingPromises", "wrap"],
];

/** Options that work, and options without effect, by name. */
export const WORKING: Readonly<Record<"options" | "idleOptions", readonly string[]>> = {
  options: OPTIONS,
  idleOptions: IDLE_OPTIONS,
};
