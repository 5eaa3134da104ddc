export type { CaptureStats } from "./capture/capture-queue.js";
export type { CaptureOptions } from "./client/client-options.js";
export type { ClientEvent } from "./client/emitter.js";
export type { FlagOptions, PostHogOptions } from "./client/flag-options.js";
export type { FeatureFlagSnapshot } from "./client/flag-snapshot.js";
export type {
  AliasMessage,
  BeforeSend as BeforeSendFn,
  BeforeSendEvent,
  ContextData,
  ContextOptions,
  EventMessage,
  GroupIdentifyMessage,
  IdentifyMessage,
  Properties,
  SendFeatureFlagsOptions,
  SetPersonPropertiesMessage,
  UnsetPersonPropertiesMessage,
} from "./client/messages.js";
export { PostHog } from "./client/posthog.js";
export { uuidv7 } from "./client/uuid-v7.js";
export type { EvaluationRuntime as FeatureFlagEvaluationRuntime } from "./dialect/flag-wire.js";
export type { UnresolvedReason as UnresolvedFlagReason } from "./dialect/tri.js";
export { FeatureFlagError, FeatureFlagEvaluations } from "./flags/feature-flag-evaluations.js";
export type {
  FlagDefinitionCacheData,
  FlagDefinitionCacheInput,
  FlagDefinitionCacheProvider,
} from "./flags/flag-definition-cache.js";
export type {
  AllFlagsOptions,
  BaseFlagEvaluationOptions,
  FeatureFlagResult,
  FlagEvaluationOptions,
  FlagsAndPayloads,
} from "./flags/flags.js";
export type { FeatureFlagValue, JsonType } from "./flags/json.js";
export type { FeatureFlagOverrideOptions, OverrideFeatureFlagsOptions } from "./flags/overrides.js";
export type { FetchAnswer, FetchOption } from "./http/requester.js";
export { VERSION } from "./version.js";
