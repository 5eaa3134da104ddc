export type {
  ConnectionOverrides,
  NodeOverrides,
  RedisClient,
  RedisFactory,
  RedisInput,
} from "./connection/input.js";
export type { PubsubState } from "./connection/subscriber.js";
export { RedisError, type RedisErrorCode } from "./errors/redis-error.js";
export { type RedisFleet, redis } from "./fleet/fleet.js";
export type { RedisStatus } from "./fleet/status.js";
export type { RedisFleetOptions } from "./options/options.js";
export type { RedisCounters } from "./shared-source/counters.js";
export type { LastError, Role } from "./shared-source/worker-state.js";
