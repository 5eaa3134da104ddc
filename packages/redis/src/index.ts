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
export { type RedisFleet, redis } from "./fleet/fleet.js";
export type { RedisStatus } from "./fleet/status.js";
export type { FleetUses } from "./fleet/uses.js";
export type { DedupeCounters, OutboxCounters, UseCounters } from "./fleet-services.js";
export type { RedisFleetOptions } from "./options/options.js";
export type { OutboxOptions } from "./outbox/options.js";
export type { OutboxLogger, OutboxStats } from "./outbox/outbox.js";
export type { RedisCounters } from "./shared-source/counters.js";
export type { LastError, Role } from "./shared-source/worker-state.js";
export type { StickyAssignmentsDocument } from "./sticky/document.js";
export type { StickyBucketOptions } from "./sticky/options.js";
export type { StickyBuckets } from "./sticky/sticky-buckets.js";
export type { UseLogger } from "./use-logger.js";
