import { integer, type Readers, readOptions } from "@sortition/core/internal";
import ioredis, { type Cluster, type ClusterOptions } from "ioredis";
import { selectDatabase } from "../connection/database.js";
import {
  type ConnectionOverrides,
  checkInput,
  createClient,
  isCluster,
  prefixOf,
  type RedisClient,
  type RedisInput,
} from "../connection/input.js";
import { overridesOf } from "../connection/overrides.js";
import { placeOf } from "../connection/place.js";
import { RedisError } from "../errors/redis-error.js";
import { redisError, replyWord } from "../errors/reply-error.js";
import { type Keys, Namespace } from "../keys/keys.js";
import { checkName } from "../options/settings.js";
import { GROUP, outboxKeys } from "../outbox/keys.js";
import type { FleetOutbox, FleetStatus } from "./fleet-status.js";
import { type FleetAnswers, parseFleetStatus, partsOf } from "./parse-status.js";

/** Options of {@link readFleetStatus}. */
export interface FleetStatusOptions {
  /** Same as the option `redis` of `redis()`. For a Cluster, the URL of any node is enough. */
  readonly redis: RedisInput;
  /** Namespace of the fleet, as in `fleet.status.namespace`. */
  readonly namespace: string;
  /** First part of all keys. Default: `sortition`, after the `keyPrefix` of a given client. */
  readonly prefix?: string | undefined;
  /** Time limit of the whole read, ms. Default: 5 000. */
  readonly timeoutMs?: number | undefined;
}

const READERS = () =>
  ({
    redis: (_, value) => checkInput(value),
    namespace: checkName,
    prefix: (path, value = "sortition") => checkName(path, value),
    timeoutMs: integer(1, 600_000, 5_000),
  }) satisfies Readers<FleetStatusOptions>;

/** Fields that describe the configuration, without its bytes. */
const HEAD: readonly string[] = ["rev", "sha", "dialect", "by", "parts", "omitted"];

const ClusterClass = (
  ioredis as unknown as {
    readonly Cluster: new (nodes: readonly string[], options: ClusterOptions) => Cluster;
  }
).Cluster;

/**
 * Reads the state of a fleet from Redis, with a separate connection and read-only commands.
 *
 * @throws OptionError for a bad option.
 * @throws RedisError if Redis cannot be reached, or refuses a required command.
 */
export async function readFleetStatus(options: FleetStatusOptions): Promise<FleetStatus> {
  const { namespace, prefix, timeoutMs } = readOptions(READERS(), options);
  const name = new Namespace(prefixOf(options.redis) + prefix, namespace);
  const overrides = overridesOf("status", timeoutMs);
  const endsAtMs = performance.now() + timeoutMs;
  const read = async (client: RedisClient): Promise<FleetStatus> =>
    parseFleetStatus(name.name, name.prefix, await readAnswers(client, name));
  try {
    const first = await within(timeoutMs, createClient(options.redis, overrides), async (client) =>
      typeof options.redis === "string" && (await isNodeOfCluster(client)) ? null : read(client),
    );
    if (first !== null) return first;
    const restMs = Math.ceil(endsAtMs - performance.now());
    return await within(restMs, clusterOf(String(options.redis), overrides), read);
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

/** Connects, runs the work and disconnects, all within the time limit. */
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
  const timer = setTimeout(() => {
    const message = `${place} did not answer within ${timeoutMs} ms`;
    problem = new RedisError("SORTITION_REDIS_TIMEOUT", message);
    client.disconnect(); // rejects everything that is awaited
  }, timeoutMs);
  try {
    await client.connect();
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

async function readAnswers(client: RedisClient, name: Namespace): Promise<FleetAnswers> {
  const { config, fence, lease, poll } = name.shared;
  const [time, token, leaseMs, fenceFields, pollFields, head] = await repliesOf(client, [
    ["time"],
    ["get", lease],
    ["pttl", lease],
    ["hgetall", fence],
    ["hgetall", poll],
    ["hmget", config, ...HEAD],
  ]);
  const known = zip(HEAD, head as readonly (string | null)[]);
  const parts = partsOf(known);
  const sizes = parts.map((part) => `size:${part}`);
  const [sizeFields, ...stored] =
    parts.length === 0
      ? [[]]
      : await repliesOf(client, [
          ["hmget", config, ...sizes],
          ...parts.map((part) => ["hstrlen", config, `part:${part}`] as const),
        ]);
  const [seconds, micros] = time as readonly [string, string];
  return {
    nowMs: Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000),
    lease: token === null ? null : { token: String(token), leaseMs: Number(leaseMs) },
    fence: fieldsOf(fenceFields),
    poll: fieldsOf(pollFields),
    head: new Map([...known, ...zip(sizes, sizeFields as readonly (string | null)[])]),
    storedBytes: new Map(parts.map((part, i) => [part, Number(stored[i])])),
    // A Cluster is read from the node that has the slot.
    replication: isCluster(client) ? null : await unlessDenied(() => client.info("replication")),
    subscribers: await unlessDenied(() => countSubscribers(client, name.shared)),
    outbox: await unlessDenied(() => readOutbox(client, name)),
  };
}

/** In a Cluster, each node knows only its own subscribers. */
async function countSubscribers(client: RedisClient, { changed }: Keys): Promise<number> {
  const nodes = isCluster(client) ? client.nodes("all") : [client];
  const counts = await Promise.all(nodes.map((node) => node.pubsub("NUMSUB", changed)));
  return counts.reduce<number>((sum, [, count]) => sum + Number(count), 0);
}

async function readOutbox(client: RedisClient, name: Namespace): Promise<FleetOutbox> {
  const { dead, stream } = outboxKeys((suffix) => name.key(suffix));
  const [length, deadLength] = await repliesOf(client, [
    ["xlen", stream],
    ["xlen", dead],
  ]);
  const pending = length === 0 ? 0 : await countPending(client, stream);
  return { length: Number(length), pending, dead: Number(deadLength) };
}

/** Before the first delivering worker, there is no group. */
async function countPending(client: RedisClient, stream: string): Promise<number> {
  try {
    const [count] = await client.xpending(stream, GROUP);
    return Number(count);
  } catch (error) {
    if (replyWord(error) === "NOGROUP") return 0;
    throw error;
  }
}

/** Returns `null` if the user lacks the permission for an optional command. */
async function unlessDenied<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (replyWord(error) === "NOPERM") return null;
    throw error;
  }
}

/** Sends commands for keys of one slot together. Rejects with the first error. */
async function repliesOf(
  client: RedisClient,
  commands: readonly (readonly string[])[],
): Promise<readonly unknown[]> {
  const replies = await client.pipeline(commands.map((command) => [...command])).exec();
  return (replies ?? []).map(([error, reply]) => {
    if (error !== null) throw error;
    return reply;
  });
}

function fieldsOf(reply: unknown): ReadonlyMap<string, string> {
  return new Map(Object.entries(reply as Readonly<Record<string, string>>)); // of HGETALL
}

function zip(
  names: readonly string[],
  values: readonly (string | null)[],
): ReadonlyMap<string, string> {
  return new Map(
    names.flatMap((name, i) => {
      const value = values[i] ?? null;
      return value === null ? [] : [[name, value] as const];
    }),
  );
}
