import { type ConnectionOverrides, type NodeOverrides, sentinelTimeoutMs } from "./input.js";

/**
 * How long ioredis waits for the server to close a connection. This is never reached, because we
 * cut connections.
 */
const DISCONNECT_MS = 100;

/**
 * Clears options that a duplicated client would inherit, because their timers keep the process
 * alive. They are not part of the overrides' type: with ioredis 5 and `exactOptionalPropertyTypes`,
 * a factory could not pass them on.
 */
const NO_TIMERS = { commandTimeout: undefined, socketTimeout: undefined };

/**
 * Options of every connection of this package.
 *
 * @param role - part of its name in `CLIENT LIST`.
 */
export function overridesOf(role: string, connectTimeoutMs: number): ConnectionOverrides {
  const node: NodeOverrides = {
    connectionName: `sortition:${role}`,
    connectTimeout: connectTimeoutMs,
    // Keys already have the prefix. ioredis would not add it to channels.
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
    // The owner of each connection retries, because timers of ioredis would keep the process alive.
    retryStrategy: () => null,
    reconnectOnError: null,
    clusterRetryStrategy: () => null,
    sentinelRetryStrategy: () => null,
    sentinelCommandTimeout: sentinelTimeoutMs(connectTimeoutMs),
    // A connection to each Sentinel would keep the process alive. We notice a failover when our
    // connection ends.
    failoverDetector: false,
    // The timer would keep the process alive. If a slot moves, its former node redirects us.
    slotsRefreshInterval: 0,
    redisOptions: node,
  };
}
