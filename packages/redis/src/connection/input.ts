import { OptionError } from "@sortition/core/internal";
import ioredis, { type Cluster, type Redis, type RedisOptions } from "ioredis";
import { checkDatabase, checkUrl } from "./check-database.js";
import { unrefSentinels } from "./sentinels.js";

/** A client of ioredis. */
export type RedisClient = Redis | Cluster;

/** Options of each single connection. */
export interface NodeOverrides {
  readonly connectionName: string;
  readonly connectTimeout: number;
  readonly keyPrefix: "";
  readonly maxRetriesPerRequest: 0;
  readonly autoResubscribe: false;
  readonly autoResendUnfulfilledCommands: false;
  readonly disableClientInfo: true;
  readonly disconnectTimeout: number;
  readonly enableAutoPipelining: false;
  readonly monitor: false;
  readonly readOnly: false;
  readonly stringNumbers: false;
}

/**
 * Options that connections of this package require. Pass them to `new Redis(…)`, or to `new Cluster(nodes, …)` as the second
 * argument.
 */
export interface ConnectionOverrides extends NodeOverrides {
  readonly lazyConnect: true;
  readonly enableOfflineQueue: false;
  /**
   * Disables retries of ioredis. This package retries with a timer that does not keep Node.js
   * alive.
   */
  readonly retryStrategy: () => null;
  readonly reconnectOnError: null;
  /** Same as `retryStrategy`, for a cluster. */
  readonly clusterRetryStrategy: () => null;
  /** Same as `retryStrategy`, for Sentinels. Each Sentinel gets a share of the time to connect. */
  readonly sentinelRetryStrategy: () => null;
  readonly sentinelCommandTimeout: number;
  readonly failoverDetector: false;
  readonly slotsRefreshInterval: 0;
  readonly scaleReads: "master";
  readonly redisOptions: NodeOverrides;
}

/**
 * Creates a client that this package owns and closes. It must pass the given options on to ioredis.
 */
export type RedisFactory = (overrides: ConnectionOverrides) => RedisClient;

/** Redis, as users pass it in. */
export type RedisInput = string | RedisOptions | Redis | Cluster | RedisFactory;

/** The class `Redis` in both module systems. */
const RedisClass = ioredis as unknown as new (
  ...args: readonly [options: RedisOptions] | readonly [url: string, options: RedisOptions]
) => Redis;

/**
 * Checks the form of the option `redis`. Does not connect.
 *
 * @throws OptionError without the URL, because that may contain a password.
 */
export function checkInput(input: unknown): void {
  requireRelease(RedisClass.prototype);
  if (typeof input === "function") {
    if ("duplicate" in Object(input.prototype))
      refuse("is a class: write (options) => new Redis({ host, ...options })");
    return;
  }
  const example = "is REDIS_URL set? Pass a URL, such as redis://localhost:6379";
  if (input === undefined) refuse(`is missing: ${example}`);
  if (typeof input === "string") {
    if (input.trim() === "") refuse(`is blank: ${example}`);
    if (!/^rediss?:\/\//i.test(input))
      refuse("expected a URL that starts with redis:// or rediss://");
    checkUrl(input);
    return;
  }
  if (input instanceof Promise) refuse("is a promise: await it");
  const kinds = "expected a URL, options, an ioredis client or a function";
  if (typeof input !== "object" || input === null) refuse(kinds);
  if (Array.isArray(input))
    refuse(`${kinds}: for a Cluster, write redis: (options) => new Cluster(nodes, options)`);
  if ("isOpen" in input)
    refuse("is a client of the package redis: pass the URL, or an ioredis client");
  if (!isClient(input) && ("url" in input || "socket" in input))
    refuse("expected ioredis options: pass the URL itself, or { host, port }");
  if (isClient(input)) requireRelease(input);
  const { db, port } = (isClient(input) ? input.options : input) as {
    readonly db?: unknown;
    readonly port?: unknown;
  };
  checkDatabase(db);
  if (port !== undefined && port !== null && !/^\d+$/.test(String(port))) {
    throw new OptionError("redis.port", `expected a number, got ${String(port)}`);
  }
}

function refuse(fact: string): never {
  throw new OptionError("redis", fact);
}

/** Whether the input is a client. Clients have methods, options do not. */
export function isClient(input: unknown): input is RedisClient {
  return (
    typeof input === "object" &&
    input !== null &&
    "duplicate" in input &&
    typeof input.duplicate === "function"
  );
}

export function isCluster(client: RedisClient): client is Cluster {
  return client.isCluster;
}

/** The `keyPrefix` of a client, which ioredis would add to keys but not to channels. */
export function prefixOf(input: RedisInput): string {
  if (typeof input === "string") return new URL(input).searchParams.get("keyPrefix") ?? "";
  if (typeof input === "function") return "";
  return (isClient(input) ? input.options : input).keyPrefix ?? "";
}

/** Removes these options from the query of the URL. Otherwise, ioredis would prefer the query. */
function withoutOptions(url: string, options: object): string {
  const parsed = new URL(url);
  for (const name of Object.keys(options)) parsed.searchParams.delete(name);
  return parsed.href;
}

/** Creates an unconnected client with the overrides. */
export function createClient(input: RedisInput, overrides: ConnectionOverrides): RedisClient {
  const client = unconnected(input, overrides);
  unrefSentinels(client);
  return client;
}

function unconnected(input: RedisInput, overrides: ConnectionOverrides): RedisClient {
  if (typeof input === "function") return input(overrides);
  if (isClient(input) && isCluster(input)) return duplicateCluster(input, overrides);
  const { sentinels } = typeof input === "string" ? {} : isClient(input) ? input.options : input;
  // Without the ready check, a server that is still loading its data says so in its reply to each
  // command. With the check, ioredis would wait with a timer that keeps the process alive.
  // Sentinels need the check, because it also finds out whether the server is still the master.
  // The caller limits the time to connect. The limit of ioredis would also end a connection that
  // was established in time, if the event loop was blocked.
  const all =
    sentinels === undefined || sentinels === null
      ? { ...overrides, enableReadyCheck: false, connectTimeout: 0 }
      : {
          ...overrides,
          enableReadyCheck: true,
          sentinelCommandTimeout: sentinelTimeoutMs(overrides.connectTimeout, sentinels.length),
        };
  if (typeof input === "string") return new RedisClass(withoutOptions(input, all), all);
  return isClient(input) ? input.duplicate(all) : new RedisClass({ ...input, ...all });
}

/**
 * `redisOptions` has the user's credentials and TLS. ioredis 5 would replace it by ours, while
 * ioredis 6 merges the two.
 */
function duplicateCluster(cluster: Cluster, overrides: ConnectionOverrides): Cluster {
  const { redisOptions: own } = cluster.options;
  const redisOptions: NodeOverrides = { ...own, ...overrides.redisOptions };
  return cluster.duplicate([], { ...overrides, redisOptions });
}

/**
 * Time for one Sentinel. Without it, a Sentinel that does not respond would keep the process alive,
 * and the next one would never be tried.
 *
 * @param count - number of known Sentinels. Usually there are three.
 */
export function sentinelTimeoutMs(connectTimeoutMs: number, count = 3): number {
  // The remaining time is for the server itself.
  return Math.max(1, Math.floor(connectTimeoutMs / (count + 1)));
}

/** Releases before 5 have no `fcall`. */
function requireRelease(client: object): void {
  if (!("fcall" in client)) refuse("expected ioredis 5.4 or newer");
}
