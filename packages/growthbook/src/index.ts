export type { Diagnostics, EvaluationObserver, ObservedEvaluation } from "@sortition/core";
export { GrowthBookClient, GrowthBookClient as GrowthBookMultiUser } from "./client/client.js";
export { growthbook } from "./client/dialect-elsewhere.js";
export { GrowthBook } from "./client/growthbook.js";
export type {
  ClientOptions,
  ClientOptions as MultiUserOptions,
  Options,
  Options as Context,
  Plugin,
} from "./client/instance-options.js";
export type {
  ApplyDomChangesCallback,
  CacheSettings,
  DestroyOptions,
  InitOptions,
  InitResponse,
  InitSyncOptions,
  LoadFeaturesOptions,
  PrefetchOptions,
  RefreshFeaturesOptions,
  RenderFunction,
} from "./client/options.js";
export { prefetchPayload } from "./client/prefetch.js";
export { clearCache, configureCache } from "./client/repository/repository.js";
export {
  type CookieAttributes,
  ExpressCookieStickyBucketService,
  type RequestCompat,
  type ResponseCompat,
} from "./client/sticky/express-cookie-service.js";
export { InMemoryStickyBucketService } from "./client/sticky/memory-service.js";
export { type IORedisCompat, RedisStickyBucketService } from "./client/sticky/redis-service.js";
export {
  StickyBucketService,
  type StickyBucketServiceCompat,
  StickyBucketServiceSync,
} from "./client/sticky/service.js";
export { UserScopedGrowthBook } from "./client/user-scoped.js";
export type {
  AutoExperiment,
  AutoExperimentChangeType,
  AutoExperimentVariation,
  DOMMutation,
  ExperimentOverride,
} from "./dialect/auto/auto-experiment.js";
export { getAutoExperimentChangeType } from "./dialect/auto/change-type.js";
export type {
  ConditionInterface,
  SavedGroupCondition,
} from "./dialect/condition/condition-interface.js";
export { evalCondition } from "./dialect/condition/eval-condition.js";
export { paddedVersionString } from "./dialect/condition/padded-version.js";
export { isURLTargeted } from "./dialect/url/targeting.js";
export type {
  CBContext,
  ContextualBanditDefinition,
  ContextualBanditDefinitions,
  Experiment,
  ExperimentStatus,
  FeatureDefinition,
  FeatureResult,
  FeatureResultSource,
  FeatureRule,
  Filter,
  ParentConditionInterface,
  Result,
  SavedGroupReference,
  SavedGroupsPayload,
  StickyAssignmentsDocument,
  UrlTarget,
  UrlTargetType,
  VariationMeta,
  VariationRange,
} from "./dialect/wire.js";
export {
  type Attributes,
  type CustomEventSubCallback,
  EVENT_EXPERIMENT_VIEWED,
  EVENT_FEATURE_EVALUATED,
  type EventLogger,
  type EventProperties,
  type ExperimentViewedSubCallback,
  type FeatureUsageCallback,
  type FeatureUsageCallbackWithUser,
  type FeatureUsageSubCallback,
  type LogUnion,
  type NavigateCallback,
  type SubscriptionFunction,
  type TrackingCallback,
  type TrackingCallbackWithUser,
  type TrackingData,
  type TrackingDataWithUser,
  type TrackingUserContext,
} from "./events/callbacks.js";
export type { UserContext } from "./events/user-context.js";
export type {
  FeatureApiResponse,
  FeatureApiResponse as GrowthBookPayload,
  FeatureDefinitions,
  JSONValue,
  SavedGroupPayloadEntry,
  SavedGroupsValues,
  WidenPrimitives,
} from "./model/payload.js";
export type {
  StickyAssignments,
  StickyAttributeKey,
  StickyExperimentKey,
} from "./model/sticky.js";
export {
  type EventSourceCompat,
  type HelperCall,
  type Helpers,
  helpers,
} from "./source/helpers.js";
export {
  getPolyfills,
  type LocalStorageCompat,
  type Polyfills,
  type SubtleCryptoLike,
  setPolyfills,
} from "./source/polyfills.js";
export type { ApiHosts } from "./source/user.js";
