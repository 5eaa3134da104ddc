export type { EvaluationObserver, ObservedEvaluation } from "@sortition/core";
export { posthog } from "./client/dialect-elsewhere.js";
export {
  type ExpressApp,
  type ExpressRequest,
  type ExpressResponse,
  type RequestContextApp,
  type RequestContextOptions,
  setupExpressErrorHandler,
  setupExpressRequestContext,
} from "./client/express.js";
export type { IPostHog } from "./client/i-posthog.js";
export {
  EmailError,
  enrichCurrentSpan,
  HTTP_SERVER_REQUEST_COUNT_METRIC,
  HTTP_SERVER_REQUEST_DURATION_METRIC,
  instrumentRequest,
  type NotThere,
  posthogHonoMiddleware,
} from "./client/not-there.js";
export { PostHog } from "./client/posthog.js";
export type { FlagOptions, PostHogOptions } from "./client/posthog-options.js";
export {
  createEventProcessor,
  PostHogSentryIntegration,
  type SentryClient,
  type SentryIntegration,
  type SentryIntegrationOptions,
  type SentryLevel,
  sentryIntegration,
} from "./client/sentry.js";
export {
  disableConnectionReuse,
  enableKeepAlive,
  type SocketOptions,
  setSocketOptions,
} from "./client/socket-options.js";
export type { UnresolvedReason as UnresolvedFlagReason } from "./dialect/condition/tri.js";
export type { EvaluationRuntime as FeatureFlagEvaluationRuntime } from "./dialect/flag-wire.js";
export type { CaptureClientOptions } from "./events/capture-client-options.js";
export type { CaptureStats } from "./events/capture-queue.js";
export {
  type CookieOptions,
  type CookieStore,
  cookieStateToProperties,
  cookieStoreFromHeader,
  getPostHogCookieName,
  type PostHogCookieState,
  parsePostHogCookie,
  readPostHogCookie,
  serializePostHogCookie,
} from "./events/cookies.js";
export type { ClientEvent } from "./events/emitter.js";
export { uuidv7 } from "./events/fields/uuid-v7.js";
export type { FeatureFlagSnapshot } from "./events/flag-snapshot.js";
export type {
  AliasMessage,
  BeforeSend as BeforeSendFn,
  BeforeSendCallback,
  BeforeSendEvent,
  ContextData,
  ContextOptions,
  GroupIdentifyMessage,
  IdentifyMessage,
  Properties,
  SendFeatureFlagsOptions,
  SetPersonPropertiesMessage,
  UnsetPersonPropertiesMessage,
  VendorEventMessage as EventMessage,
} from "./events/messages.js";
export {
  DEFAULT_CODE_VARIABLES_IGNORE_PATTERNS,
  DEFAULT_CODE_VARIABLES_MASK_PATTERNS,
  type NamePattern,
} from "./exceptions/variables/patterns.js";
export type {
  AllFlagsOptions,
  BaseFlagEvaluationOptions,
  FlagEvaluationOptions,
} from "./flags/evaluation-options.js";
export type {
  FeatureFlag,
  FeatureFlagMetadata,
  FeatureFlagReason,
} from "./flags/feature-flag.js";
export {
  FeatureFlagError,
  type FeatureFlagErrorType,
  FeatureFlagEvaluations,
} from "./flags/feature-flag-evaluations.js";
export type { FeatureFlagResult } from "./flags/flag-results.js";
export type { FlagsAndPayloads } from "./flags/flags.js";
export type { FeatureFlagOverrideOptions, OverrideFeatureFlagsOptions } from "./flags/overrides.js";
export { InconclusiveMatchError, RequiresServerEvaluation } from "./flags/unresolved-errors.js";
export type { FetchAnswer, FetchOption } from "./http/requester.js";
export {
  type AliasOptions,
  alias,
  type CaptureOptions,
  capture,
  captureException,
  type GroupIdentifyOptions,
  groupIdentify,
  type SetOptions,
  set,
  setOnce,
} from "./module/capture-functions.js";
export {
  getTags,
  identifyContext,
  type NewContextOptions,
  newContext,
  type ScopedOptions,
  scoped,
  setCaptureExceptionCodeVariablesContext,
  setCodeVariablesIgnorePatternsContext,
  setCodeVariablesMaskPatternsContext,
  setContextDeviceId,
  setContextSession,
  tag,
} from "./module/context-functions.js";
export {
  type AllFlagOptions,
  evaluateFlags,
  type FlagOptions as FlagFunctionOptions,
  featureEnabled,
  featureFlagDefinitions,
  getAllFlags,
  getAllFlagsAndPayloads,
  getFeatureFlag,
  getFeatureFlagPayload,
  getFeatureFlagResult,
  getRemoteConfigPayload,
  loadFeatureFlags,
  type PayloadOptions,
} from "./module/flag-functions.js";
export type { Given } from "./module/given.js";
export { type FlushOptions, flush, join, shutdown } from "./module/lifecycle-functions.js";
export { settings } from "./module/settings.js";
export type { Settings } from "./module/settings-interface.js";
export type {
  FeatureFlagBucketingIdentifier,
  FeatureFlagCondition,
  FlagProperty,
  FlagPropertyValue,
  PostHogFeatureFlag,
  PropertyGroup,
} from "./source/flag-definition.js";
export type {
  FlagDefinitionCacheData,
  FlagDefinitionCacheInput,
  FlagDefinitionCacheProvider,
} from "./source/flag-definition-cache.js";
export type { FeatureFlagValue, JsonType } from "./source/json.js";
export { VERSION } from "./version.js";
