import type { Redis } from "ioredis";
import type { RedisClient } from "./input.js";
import { unrefSockets } from "./unref.js";

/** Host and port of a Sentinel or of a server that it names. */
export interface Address {
  readonly host?: string;
  readonly port?: number;
}

/** The members of ioredis's Sentinel connector that we use. ioredis declares most of them private. */
export interface SentinelConnector {
  readonly options: {
    readonly name?: string;
    readonly role?: string;
    readonly sentinels?: unknown;
  };
  readonly sentinelIterator: { readonly sentinels: readonly Address[] };
  connectToSentinel(endpoint: Address, options?: object): Redis;
  sentinelNatResolve(address: Address): Address;
  /** Returns the primary according to one Sentinel. `null`: the next Sentinel is asked. */
  resolve(endpoint: Address): Promise<Address | null>;
}

/** After a failed connection, ioredis keeps a timer for this time. Its default is two seconds. */
const DISCONNECT_MS = 50;

/** Returns the connector of a client that finds its server through Sentinels. */
export function sentinelConnectorOf(client: RedisClient): SentinelConnector | null {
  const { connector } = client as unknown as { readonly connector?: Partial<SentinelConnector> };
  const isOfSentinels = connector?.resolve !== undefined && connector.options?.sentinels;
  return isOfSentinels ? (connector as SentinelConnector) : null; // it has these members
}

/** Allows the process to exit while this client is connected to Sentinels. */
export function unrefSentinels(client: RedisClient): void {
  const connector = sentinelConnectorOf(client);
  if (connector === null) return;
  const connect = connector.connectToSentinel.bind(connector);
  connector.connectToSentinel = (endpoint, options) => {
    const sentinel = connect(endpoint, { ...options, disconnectTimeout: DISCONNECT_MS });
    unrefSockets(sentinel);
    return sentinel;
  };
}
