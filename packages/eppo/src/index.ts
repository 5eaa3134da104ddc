export type {
  AssignmentCache,
  AssignmentCacheEntry,
  AssignmentCacheKey,
  AssignmentCacheValue,
} from "./cache/assignment-cache.js";
export {
  LRUInMemoryAssignmentCache,
  NonExpiringInMemoryAssignmentCache,
} from "./cache/in-memory-cache.js";
export type { EventTrackingConfig, IClientConfig } from "./client/client-config.js";
export type { IContainerExperiment } from "./client/container-entry.js";
export type { EndOptions, EppoClient } from "./client/eppo-client.js";
export { getInstance, init } from "./client/init.js";
export type { FlagConfigurationRequestParameters } from "./client/request-parameters.js";
export type { IConfigurationStore, ISyncStore } from "./configuration/configuration-store.js";
export type { FlagEvaluation } from "./configuration/flag-evaluation.js";
export type { BanditParameters, BanditVariation } from "./configuration/stored-configuration.js";
export { EppoAssignmentLogger } from "./events/eppo-assignment-logger.js";
export {
  type EventDispatcher,
  NO_OP_EVENT_DISPATCHER,
  type TrackedEvent,
} from "./events/event-dispatcher.js";
export type { IAssignmentEvent, IAssignmentLogger } from "./model/assignment-event.js";
export type {
  Attributes,
  AttributeType,
  BanditActions,
  BanditSubjectAttributes,
  ContextAttributes,
} from "./model/attributes.js";
export type { IBanditEvent, IBanditLogger } from "./model/bandit-event.js";
export type {
  AllocationEvaluation,
  IAssignmentDetails,
  IFlagEvaluationDetails,
} from "./model/evaluation-details.js";
export type {
  Allocation,
  Flag,
  Rule,
  Shard,
  ShardRange,
  Split,
  Variation,
  VariationType,
} from "./model/flag.js";
export { HttpRequestError } from "./polling/http-request-error.js";
