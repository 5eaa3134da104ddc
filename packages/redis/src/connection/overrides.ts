import { type ConnectionOverrides, type NodeOverrides, sentinelTimeoutMs } from "./input.js";

/** ioredis waits so long for the other side to close; connections are cut, so this is never reached. */
const DISCONNECT_MS = 100;

/**
 * Options of a duplicated client whose timers would keep the process alive. Not in the type of the overrides:
 * with ioredis 5 and `exactOptionalPropertyTypes` a factory could not pass them on.
 */
const NO_TIMERS = { commandTimeout: undefined, socketTimeout: undefined };

/**
 * The options of every connection of this package.
 *
 * @param role - part of its name in `CLIENT LIST`.
 */
export function overridesOf(role: string, connectTimeoutMs: number): ConnectionOverrides {
  const node: NodeOverrides = {
    connectionName: `sortition:${role}`,
    connectTimeout: connectTimeoutMs,
    // Keys already have the prefix, which ioredis would apply to keys but not to channels.
    keyPrefix: "",
    maxRetriesPerRequest: 0,
    autoResubscribe: false,
    autoResendUnfulfilledCommands: false,
    disableClientInfo: true,
    disconnectTimeout: DISCONNECT_MS,
    monitor: false,
    readOnly: false,
    stringNumbers: false,
    ...NO_TIMERS,
  };
  return {
    ...node,
    lazyConnect: true,
    enableOfflineQueue: false,
    // Each owner retries itself: ioredis's own timers would keep the process alive.
    retryStrategy: () => null,
    reconnectOnError: null,
    clusterRetryStrategy: () => null,
    sentinelRetryStrategy: () => null,
    sentinelCommandTimeout: sentinelTimeoutMs(connectTimeoutMs),
    // It would keep a connection to each Sentinel, which holds the process. The end of a connection is noticed.
    failoverDetector: false,
    // Its timer would hold the process too. A node that has lost a slot says so.
    slotsRefreshInterval: 0,
    redisOptions: node,
  };
}
