export type { EvaluationObserver, ObservedEvaluation } from "@sortition/core";
export type {
  AssignmentCache,
  AssignmentCacheEntry,
  AssignmentCacheKey,
  AssignmentCacheValue,
} from "./client/cache/assignment-cache.js";
export {
  LRUInMemoryAssignmentCache,
  NonExpiringInMemoryAssignmentCache,
} from "./client/cache/in-memory-cache.js";
export type { EventTrackingConfig, IClientConfig } from "./client/client-config.js";
export type {
  IConfigurationStore,
  ISyncStore,
} from "./client/configuration/configuration-store.js";
export type { FlagEvaluation } from "./client/configuration/flag-evaluation.js";
export type {
  BanditParameters,
  BanditVariation,
} from "./client/configuration/stored-configuration.js";
export type { IContainerExperiment } from "./client/container-entry.js";
export { eppo } from "./client/dialect-elsewhere.js";
export type { EndOptions, EppoClient } from "./client/eppo-client.js";
export { getInstance, init } from "./client/init.js";
export type { IAssignmentEvent, IAssignmentLogger } from "./client/model/assignment-event.js";
export type {
  Attributes,
  AttributeType,
  BanditActions,
  BanditSubjectAttributes,
  ContextAttributes,
} from "./client/model/attributes.js";
export type { IBanditEvent, IBanditLogger } from "./client/model/bandit-event.js";
export type {
  AllocationEvaluation,
  IAssignmentDetails,
  IFlagEvaluationDetails,
} from "./client/model/evaluation-details.js";
export type {
  Allocation,
  Flag,
  Rule,
  Shard,
  ShardRange,
  Split,
  Variation,
  VariationType,
} from "./client/model/flag.js";
export type { FlagConfigurationRequestParameters } from "./client/request-parameters.js";
export { EppoAssignmentLogger } from "./events/eppo-assignment-logger.js";
export {
  type EventDispatcher,
  NO_OP_EVENT_DISPATCHER,
  type TrackedEvent,
} from "./events/event-dispatcher.js";
export { HttpRequestError } from "./source/http-request-error.js";
