import { integer, type Readers, readOptions } from "@sortition/core/internal";
import { evictionPolicies } from "../connection/eviction.js";
import {
  checkInput,
  isCluster,
  prefixOf,
  type RedisClient,
  type RedisInput,
} from "../connection/input.js";
import { configurationNamespace, type Keys, Namespace } from "../keys/keys.js";
import { CONNECTION_HINTS, checkName } from "../options/settings.js";
import { GROUP, outboxKeys } from "../outbox/keys.js";
import { countActive } from "../outbox/orphans.js";
import { notedSources } from "../sources/noted-sources.js";
import { sourcesKey } from "../sources/source-notes.js";
import type { FleetNamedOutbox, FleetOutbox, FleetStatus } from "./fleet-status.js";
import { type FleetAnswers, namesIn, parseFleetStatus } from "./parse-status.js";
import { connectFor, unlessDenied, unlessNoGroup } from "./short-connection.js";

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

/**
 * Reads the state of a fleet from Redis, with a separate connection and read-only commands.
 *
 * @throws OptionError for a bad option.
 * @throws RedisError if Redis cannot be reached, or refuses a required command.
 */
export async function readFleetStatus(options: FleetStatusOptions): Promise<FleetStatus> {
  const read = readOptions(READERS(), options, undefined, () => CONNECTION_HINTS);
  const { namespace, prefix, timeoutMs } = read;
  const name = new Namespace(prefixOf(options.redis) + prefix, namespace);
  return connectFor(options.redis, "status", timeoutMs, async (client) =>
    parseFleetStatus(name.name, name.prefix, await readAnswers(client, name)),
  );
}

async function readAnswers(client: RedisClient, name: Namespace): Promise<FleetAnswers> {
  const sources = notedSources(fieldsOf(await client.hgetall(sourcesKey(name))));
  const [latest] = sources;
  // Without sources, the namespace is that of a configuration.
  const { shared } = latest === undefined ? name : configurationNamespace(name, latest.source);
  const { config, fence, lease, poll } = shared;
  const [time, token, leaseMs, fenceFields, pollFields, head] = await repliesOf(client, [
    ["time"],
    ["get", lease],
    ["pttl", lease],
    ["hgetall", fence],
    ["hgetall", poll],
    ["hmget", config, ...HEAD],
  ]);
  const known = zip(HEAD, head as readonly (string | null)[]);
  const parts = namesIn(known.get("parts"));
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
    eviction: await unlessDenied(() => evictionPolicies(client)),
    subscribers: await unlessDenied(() => countSubscribers(client, shared)),
    sources,
    outbox: await unlessDenied(() => readOutbox(client, name)),
    outboxes: await unlessDenied(() => readOutboxes(client, name)),
  };
}

/** Asks all nodes of a Cluster, because each one knows only its own subscribers. */
async function countSubscribers(client: RedisClient, { changed }: Keys): Promise<number> {
  const nodes = isCluster(client) ? client.nodes("all") : [client];
  const counts = await Promise.all(nodes.map((node) => node.pubsub("NUMSUB", changed)));
  return counts.reduce<number>((sum, [, count]) => sum + Number(count), 0);
}

/** Reads the outboxes that stored exposures, in the order of their names. */
async function readOutboxes(
  client: RedisClient,
  name: Namespace,
): Promise<readonly FleetNamedOutbox[]> {
  const names = await client.hkeys(outboxKeys(name).registry);
  return Promise.all(
    names.sort().map(async (outbox) => {
      const { stream } = outboxKeys(name, outbox);
      const counts = await readOutbox(client, name, outbox);
      const consumers = await unlessNoGroup(() => client.xinfo("CONSUMERS", stream, GROUP));
      return { name: outbox, ...counts, consumers: countActive(consumers) };
    }),
  );
}

async function readOutbox(
  client: RedisClient,
  name: Namespace,
  outbox?: string,
): Promise<FleetOutbox> {
  const { dead, stream } = outboxKeys(name, outbox);
  const [length, deadLength] = await repliesOf(client, [
    ["xlen", stream],
    ["xlen", dead],
  ]);
  const summary = length === 0 ? null : await unlessNoGroup(() => client.xpending(stream, GROUP));
  return { length: Number(length), pending: Number(summary?.[0] ?? 0), dead: Number(deadLength) };
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
