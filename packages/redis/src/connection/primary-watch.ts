import { type Clock, Timer } from "@sortition/core/internal";
import type { Redis } from "ioredis";
import type { RedisClient } from "./input.js";
import { type Address, type SentinelConnector, sentinelConnectorOf } from "./sentinels.js";
import { cut } from "./sockets.js";

/** How often each Sentinel is asked for the primary. */
const ASK_EVERY_MS = 400;
/** A Sentinel that fails or does not reply is connected and asked again after this time. */
const SILENCE_MS = 2_000;
/** A primary that was replaced is not chosen again for this time. Sentinels demote it after about ten seconds. */
const FORMER_MS = 60_000;

/** A client that must leave its server when it is no longer the primary. */
interface Follower {
  /** The server that a Sentinel named. */
  address: string | null;
  readonly leave: () => void;
}

interface Sentinel {
  client: Redis | null;
  /** The primary that it named. */
  named: string | null;
  /** When it is asked again unless it replies, monotonic ms; 0 after its reply. */
  againAtMs: number;
}

/** The watches of this process, by name of the primary and Sentinels. */
const watches = new Map<string, PrimaryWatch>();

/**
 * Calls `leave` when a Sentinel names another primary than the client's server. After a planned switch, the former primary
 * accepts writes for ten more seconds, which are then discarded. All connections of a process share one watch.
 *
 * @returns a function that ends it.
 */
export function watchPrimary(client: RedisClient, clock: Clock, leave: () => void): () => void {
  const connector = sentinelConnectorOf(client);
  if (connector === null || connector.options.role === "slave") return () => {};
  const { name, sentinels } = connector.options;
  const key = JSON.stringify([name, sentinels]);
  const watch = watches.get(key) ?? new PrimaryWatch(connector, clock);
  watches.set(key, watch);
  const follower: Follower = { address: null, leave };
  watch.followers.add(follower);
  const resolve = connector.resolve.bind(connector);
  connector.resolve = async (endpoint) => {
    const address = await resolve(endpoint);
    if (address === null || watch.isFormer(textOf(address))) return null;
    follower.address = textOf(address);
    return address;
  };
  return () => {
    watch.followers.delete(follower);
    if (watch.followers.size > 0 || watches.get(key) !== watch) return;
    watches.delete(key);
    watch.end();
  };
}

/** Asks each Sentinel for the primary. Never keeps the process alive. */
class PrimaryWatch {
  readonly followers: Set<Follower> = new Set();
  readonly #timer: Timer;
  readonly #sentinels = new Map<string, Sentinel>();
  /** When servers were replaced as the primary, monotonic ms. */
  readonly #former = new Map<string, number>();

  constructor(
    readonly connector: SentinelConnector,
    readonly clock: Clock,
  ) {
    this.#timer = new Timer(clock);
    this.#askAll();
  }

  end(): void {
    this.#timer.cancel();
    for (const sentinel of this.#sentinels.values()) disconnect(sentinel);
  }

  isFormer(address: string): boolean {
    const sinceMs = this.#former.get(address) ?? Number.NEGATIVE_INFINITY;
    return this.clock.monotonicMs() - sinceMs < FORMER_MS;
  }

  #askAll(): void {
    for (const endpoint of [...this.connector.sentinelIterator.sentinels]) {
      const key = textOf(endpoint);
      const sentinel = this.#sentinels.get(key) ?? { client: null, named: null, againAtMs: 0 };
      this.#sentinels.set(key, sentinel);
      void this.#ask(endpoint, sentinel);
    }
    this.#timer.set(ASK_EVERY_MS, () => this.#askAll());
  }

  /** Never rejects. */
  async #ask(endpoint: Address, sentinel: Sentinel): Promise<void> {
    const nowMs = this.clock.monotonicMs();
    if (nowMs < sentinel.againAtMs) return;
    if (sentinel.againAtMs > 0) disconnect(sentinel); // an open request then rejects
    sentinel.againAtMs = nowMs + SILENCE_MS;
    sentinel.client ??= this.#connect(endpoint);
    try {
      const { name = "" } = this.connector.options;
      const reply = await sentinel.client.call("sentinel", "get-master-addr-by-name", name);
      sentinel.againAtMs = 0;
      if (Array.isArray(reply)) this.#note(sentinel, String(reply[0]), Number(reply[1]));
    } catch {
      // Unreachable, or not permitted. The connections then notice a switch when they are closed.
    }
  }

  /** A Sentinel that still names the former primary changes its reply later. So only a change counts. */
  #note(sentinel: Sentinel, host: string, port: number): void {
    const named = textOf(this.connector.sentinelNatResolve({ host, port }));
    const former = sentinel.named;
    sentinel.named = named;
    if (former === null || former === named) return;
    this.#former.delete(named);
    this.#former.set(former, this.clock.monotonicMs());
    for (const { address, leave } of [...this.followers]) if (address === former) leave();
  }

  #connect(endpoint: Address): Redis {
    const client = this.connector.connectToSentinel(endpoint, {
      // Its timer would keep the process alive.
      commandTimeout: undefined,
      connectionName: "sortition:watch",
    });
    client.on("error", () => {}); // its commands reject
    return client;
  }
}

function disconnect(sentinel: Sentinel): void {
  if (sentinel.client !== null) cut(sentinel.client);
  sentinel.client = null;
}

function textOf({ host, port }: Address): string {
  return `${host}:${port}`;
}
