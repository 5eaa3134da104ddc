export type {
  ConnectionOverrides,
  NodeOverrides,
  RedisClient,
  RedisFactory,
  RedisInput,
} from "./connection/input.js";
export type { PubsubState } from "./connection/subscriber.js";
export type { DedupeLogger } from "./dedupe/dedupe.js";
export type { DedupeOptions } from "./dedupe/options.js";
export { RedisError, type RedisErrorCode } from "./errors/redis-error.js";
export type { FlagDefinitionCache } from "./flag-definitions/flag-definition-cache.js";
export type { FlagDefinitions } from "./flag-definitions/held-definitions.js";
export type { DedupeCounters, OutboxCounters, UseCounters } from "./fleet-services.js";
export { type RedisFleet, redis } from "./fleet-source/fleet.js";
export type { RedisStatus } from "./fleet-source/status.js";
export type { FleetUses } from "./fleet-source/uses.js";
export type { RedisFleetOptions } from "./options/options.js";
export type { OutboxOptions } from "./outbox/options.js";
export type { OutboxLogger, OutboxStats } from "./outbox/outbox.js";
export type { StickyAssignmentsDocument } from "./sticky/document.js";
export type { StickyBucketOptions } from "./sticky/options.js";
export type { StickyBuckets } from "./sticky/sticky-buckets.js";
export type { UseLogger } from "./use-logger.js";
export type { RedisCounters } from "./worker/counters.js";
export type { LastError, Role } from "./worker/worker-state.js";
