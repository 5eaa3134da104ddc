import ioredis, { type Redis } from "ioredis";
import { unrefSockets } from "./unref.js";

/** The members of ioredis's Sentinel connector that we use. ioredis declares the method private. */
type ConnectorClass = new (
  ...args: readonly never[]
) => {
  connectToSentinel(endpoint: unknown, options?: object): Redis;
};

/** After a failed connection, ioredis keeps a timer for this time. Its default is two seconds. */
const DISCONNECT_MS = 50;

/**
 * Creates a Sentinel connector whose sockets do not keep the process alive.
 *
 * @param client - the client to duplicate. Its release of ioredis has its own connector.
 */
export function sentinelConnector(client: Redis | null): object {
  const own = (ioredis as unknown as { readonly SentinelConnector: ConnectorClass })
    .SentinelConnector;
  const given = (client as { readonly connector?: object } | null)?.connector?.constructor;
  const Base = (given as ConnectorClass | undefined) ?? own;
  return class extends Base {
    override connectToSentinel(endpoint: unknown, options?: object): Redis {
      const sentinel = super.connectToSentinel(endpoint, {
        ...options,
        disconnectTimeout: DISCONNECT_MS,
      });
      unrefSockets(sentinel);
      return sentinel;
    }
  };
}
