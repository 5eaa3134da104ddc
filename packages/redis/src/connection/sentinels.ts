import ioredis, { type Redis } from "ioredis";
import { unrefSockets } from "./unref.js";

/** The part of ioredis's connector for Sentinels that is used here. ioredis declares the method private. */
type ConnectorClass = new (
  ...args: readonly never[]
) => {
  connectToSentinel(endpoint: unknown, options?: object): Redis;
};

/** After a connection that failed, ioredis keeps a timer for this time, by default two seconds. */
const DISCONNECT_MS = 50;

/**
 * The connector that asks Sentinels for the server, but for their sockets, which would keep the process alive.
 *
 * @param client - a client to duplicate: its own release of ioredis has its own connector.
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
