import ioredis, { type Cluster, type ClusterOptions } from "ioredis";
import { selectDatabase } from "../connection/database.js";
import {
  type ConnectionOverrides,
  createClient,
  isCluster,
  type RedisClient,
  type RedisInput,
} from "../connection/input.js";
import { overridesOf } from "../connection/overrides.js";
import { placeOf } from "../connection/place.js";
import { noTls, RedisError } from "../errors/redis-error.js";
import { redisError, replyWord } from "../errors/reply-error.js";

const ClusterClass = (
  ioredis as unknown as {
    readonly Cluster: new (nodes: readonly string[], options: ClusterOptions) => Cluster;
  }
).Cluster;

/**
 * Connects, runs the work and disconnects, all within the time limit. If the URL is that of a node
 * of a Cluster, the client is one of the whole Cluster.
 *
 * @param role - part of the connection's name in `CLIENT LIST`.
 * @throws RedisError if Redis cannot be reached, or refuses a command.
 */
export async function connectFor<T>(
  redis: RedisInput,
  role: string,
  timeoutMs: number,
  work: (client: RedisClient) => Promise<T>,
): Promise<T> {
  const overrides = overridesOf(role, timeoutMs);
  const endsAtMs = performance.now() + timeoutMs;
  try {
    const first = await within(timeoutMs, createClient(redis, overrides), async (client) =>
      typeof redis === "string" && (await isNodeOfCluster(client))
        ? null
        : { result: await work(client) },
    );
    if (first !== null) return first.result;
    const restMs = Math.ceil(endsAtMs - performance.now());
    return await within(restMs, clusterOf(String(redis), overrides), work);
  } catch (error) {
    throw redisError(error);
  }
}

/** Creates a client for the Cluster that this node belongs to, with the same credentials. */
function clusterOf(url: string, overrides: ConnectionOverrides): Cluster {
  const { password, protocol, username } = new URL(url);
  const { clusterRetryStrategy, enableOfflineQueue, lazyConnect, redisOptions } = overrides;
  return new ClusterClass([url], {
    clusterRetryStrategy,
    enableOfflineQueue,
    lazyConnect,
    slotsRefreshTimeout: redisOptions.connectTimeout,
    redisOptions: {
      ...redisOptions,
      ...(username === "" ? {} : { username: decodeURIComponent(username) }),
      ...(password === "" ? {} : { password: decodeURIComponent(password) }),
      ...(protocol === "rediss:" ? { tls: {} } : {}),
    },
  });
}

async function within<T>(
  timeoutMs: number,
  client: RedisClient,
  work: (client: RedisClient) => Promise<T>,
): Promise<T> {
  const place = placeOf(client);
  let problem: Error | null = null;
  client.on("error", (error: Error) => {
    problem ??= error;
  });
  let isConnected = false;
  const timer = setTimeout(() => {
    const isTls = !isCluster(client) && client.options.tls !== undefined;
    const message = `${place} did not answer within ${timeoutMs} ms`;
    problem =
      isTls && !isConnected
        ? noTls(place, { word: "ETIMEDOUT" })
        : new RedisError("SORTITION_REDIS_TIMEOUT", message);
    client.disconnect(); // rejects everything that is awaited
  }, timeoutMs);
  try {
    await client.connect();
    isConnected = true;
    await selectDatabase(client, place);
    return await work(client);
  } catch (error) {
    // The error "Connection is closed" would hide the reason.
    const isReason = error instanceof RedisError || replyWord(error) !== null;
    throw redisError(isReason ? error : (problem ?? error), place);
  } finally {
    clearTimeout(timer);
    client.disconnect();
  }
}

async function isNodeOfCluster(client: RedisClient): Promise<boolean> {
  const info = await unlessDenied(() => client.info("cluster"));
  return info?.includes("cluster_enabled:1") ?? false;
}

/** Returns `null` if the user lacks the permission for an optional command. */
export function unlessDenied<T>(read: () => Promise<T>): Promise<T | null> {
  return nullOn(["NOPERM"], read);
}

/** Returns `null` if the stream has no group, or does not exist, because nothing was ever delivered. */
export function unlessNoGroup<T>(read: () => Promise<T>): Promise<T | null> {
  return nullOn(["NOGROUP", "ERR"], read);
}

async function nullOn<T>(words: readonly string[], read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (words.includes(replyWord(error) ?? "")) return null;
    throw error;
  }
}
