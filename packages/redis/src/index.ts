export type {
  ConnectionOverrides,
  RedisClient,
  RedisFactory,
  RedisInput,
} from "./connection/input.js";
export { RedisError, type RedisErrorCode } from "./errors/redis-error.js";
export type { RedisFleetOptions } from "./options/options.js";
