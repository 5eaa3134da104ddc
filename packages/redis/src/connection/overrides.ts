import { type ConnectionOverrides, type NodeOverrides, sentinelTimeoutMs } from "./input.js";

/** How long ioredis waits for the server to close a connection. Never reached, since connections are cut. */
const DISCONNECT_MS = 100;

/**
 * A duplicated client would have these options of the original, whose timers keep the process alive. They are not in the
 * type of the overrides: with ioredis 5 and `exactOptionalPropertyTypes` a factory could not pass them on.
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
    // It would keep a connection to each Sentinel, which keeps the process alive. A fail-over is noticed when our connection ends.
    failoverDetector: false,
    // Its timer would keep the process alive, too. A node that has lost a slot redirects us to the new one.
    slotsRefreshInterval: 0,
    redisOptions: node,
  };
}
