import { type ConnectionOverrides, type NodeOverrides, sentinelTimeoutMs } from "./input.js";

/**
 * How long ioredis waits for the server to close a connection. This is never reached, because we
 * cut connections.
 */
const DISCONNECT_MS = 100;

/**
 * Options that are not part of the overrides' type, because a factory could not pass them on to
 * ioredis 5. It has no `replyMapping`, and with `exactOptionalPropertyTypes` the others cannot be
 * `undefined`.
 */
const UNTYPED = {
  // Their timers keep the process alive.
  commandTimeout: undefined,
  socketTimeout: undefined,
  // Replies are read as lists. With "resp3", maps are objects.
  replyMapping: "legacy",
};

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
    // It loses the name of commands that are sent with `callBuffer`, and fails outside of our control.
    enableAutoPipelining: false,
    monitor: false,
    readOnly: false,
    stringNumbers: false,
    ...UNTYPED,
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
    // It opens a connection to each Sentinel for each of ours, which keeps the process alive. See `watchPrimary`.
    failoverDetector: false,
    // The timer would keep the process alive. If a slot moves, its former node redirects us.
    slotsRefreshInterval: 0,
    // A replica of a Cluster could return assignments from before the last save.
    scaleReads: "master",
    redisOptions: node,
  };
}
