export type { Diagnostics } from "@sortition/core/client";
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
} from "./facade/callbacks.js";
export { GrowthBookClient, GrowthBookClient as GrowthBookMultiUser } from "./facade/client.js";
export { GrowthBook } from "./facade/growthbook.js";
export type {
  ClientOptions,
  ClientOptions as MultiUserOptions,
  Options,
  Options as Context,
  Plugin,
} from "./facade/instance-options.js";
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
} from "./facade/options.js";
export { prefetchPayload } from "./facade/prefetch.js";
export {
  type EventSourceCompat,
  type HelperCall,
  type Helpers,
  helpers,
} from "./facade/repository/helpers.js";
export {
  getPolyfills,
  type LocalStorageCompat,
  type Polyfills,
  type SubtleCryptoLike,
  setPolyfills,
} from "./facade/repository/polyfills.js";
export { clearCache, configureCache } from "./facade/repository/repository.js";
export type { ApiHosts } from "./facade/repository/user.js";
export {
  type CookieAttributes,
  ExpressCookieStickyBucketService,
  type RequestCompat,
  type ResponseCompat,
} from "./facade/sticky/express-cookie-service.js";
export { InMemoryStickyBucketService } from "./facade/sticky/memory-service.js";
export { type IORedisCompat, RedisStickyBucketService } from "./facade/sticky/redis-service.js";
export {
  StickyBucketService,
  type StickyBucketServiceCompat,
  StickyBucketServiceSync,
} from "./facade/sticky/service.js";
export type { UserContext } from "./facade/user-context.js";
export { UserScopedGrowthBook } from "./facade/user-scoped.js";
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
