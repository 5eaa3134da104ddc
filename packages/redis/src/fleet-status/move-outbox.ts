import { integer, OptionError, type Readers, readOptions } from "@sortition/core/internal";
import { checkInput, prefixOf, type RedisClient, type RedisInput } from "../connection/input.js";
import { Namespace } from "../keys/keys.js";
import putText from "../lua/outbox-put.lua";
import takeText from "../lua/outbox-take.lua";
import { CONNECTION_HINTS, checkName } from "../options/settings.js";
import { GROUP, type OutboxKeys, outboxKeys } from "../outbox/keys.js";
import { countActive } from "../outbox/orphans.js";
import { connectFor, unlessNoGroup } from "./short-connection.js";

/** Namespace and name of an outbox. */
export interface OutboxPlace {
  readonly namespace: string;
  /** Default: `outbox`. */
  readonly name?: string | undefined;
}

/** Options of {@link moveOutbox}. */
export interface MoveOutboxOptions {
  /** Same as the option `redis` of `redis()`. For a Cluster, the URL of any node is enough. */
  readonly redis: RedisInput;
  /** An outbox that no process delivers. */
  readonly from: OutboxPlace;
  /** The outbox that gets the exposures. */
  readonly to: OutboxPlace;
  /** First part of all keys. Default: `sortition`, after the `keyPrefix` of a given client. */
  readonly prefix?: string | undefined;
  /** Time limit of the whole move, ms. Default: 60 000. */
  readonly timeoutMs?: number | undefined;
}

const PLACE = () =>
  ({
    namespace: checkName,
    name: (path, value = "outbox") => checkName(path, value),
  }) satisfies Readers<OutboxPlace>;

const READERS = () =>
  ({
    redis: (_, value) => checkInput(value),
    from: (path, value) => readOptions(PLACE(), value as OutboxPlace, path),
    to: (path, value) => readOptions(PLACE(), value as OutboxPlace, path),
    prefix: (path, value = "sortition") => checkName(path, value),
    timeoutMs: integer(1, 86_400_000, 60_000),
  }) satisfies Readers<MoveOutboxOptions>;

/** Number of entries that are moved together. */
const BATCH_SIZE = 100;

/**
 * Moves the exposures of an outbox that no process delivers to another outbox, for example after
 * the outbox was renamed. Dead exposures stay. If the move is interrupted, it can be repeated: at
 * most 100 exposures are then in both outboxes, and delivered twice with the same message id.
 *
 * @returns the number of exposures that were moved.
 * @throws OptionError for a bad option, or if a process delivers the outbox.
 * @throws RedisError if Redis cannot be reached, or refuses a command.
 */
export async function moveOutbox(options: MoveOutboxOptions): Promise<number> {
  const read = readOptions(READERS(), options, undefined, () => CONNECTION_HINTS);
  const { from, prefix, timeoutMs, to } = read;
  const [source, target] = [from, to].map(({ name, namespace }) => ({
    name,
    keys: outboxKeys(new Namespace(prefixOf(options.redis) + prefix, namespace), name),
  })) as [Outbox, Outbox]; // one for each place
  if (source.keys.stream === target.keys.stream) {
    throw new OptionError("to", "expected a different outbox than `from`");
  }
  const end = await connectFor(options.redis, "move", timeoutMs, async (client) => {
    const { stream } = source.keys;
    const reply = await unlessNoGroup(() => client.xinfo("CONSUMERS", stream, GROUP));
    const consumers = countActive(reply);
    return { consumers, moved: consumers > 0 ? 0 : await moveAll(client, source, target) };
  });
  if (end.consumers === 0) return end.moved;
  const deliver = end.consumers === 1 ? "1 process delivers" : `${end.consumers} processes deliver`;
  throw new OptionError(
    "from",
    `${deliver} the outbox ${source.name}. Stop them before you move its exposures, or wait a minute if they have ended`,
  );
}

interface Outbox {
  readonly name: string;
  readonly keys: OutboxKeys;
}

async function moveAll(client: RedisClient, source: Outbox, target: Outbox): Promise<number> {
  const keysIn = ({ keys: { counts, registry, stream } }: Outbox) => [3, stream, counts, registry];
  for (let moved = 0; ; ) {
    const args = [source.keys.stream, "-", "+", "COUNT", BATCH_SIZE];
    // As buffers, because an entry that is no exposure may contain any bytes.
    const entries = (await client.callBuffer("xrange", ...args)) as readonly (readonly [
      id: Buffer,
      fields: readonly Buffer[],
    ])[];
    if (entries.length === 0) return moved;
    const values = entries.flatMap(([, fields]) => [fields.length, ...fields]);
    await client.callBuffer("eval", putText, ...keysIn(target), target.name, ...values);
    const ids = entries.map(([id]) => id);
    await client.callBuffer("eval", takeText, ...keysIn(source), GROUP, source.name, ...ids);
    moved += entries.length;
  }
}
