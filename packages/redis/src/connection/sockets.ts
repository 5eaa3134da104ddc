import { isCluster, type RedisClient } from "./input.js";
import { streamOf, unrefSockets } from "./unref.js";

/**
 * Lets the process end while the client is connected or connecting. ioredis has no option for it, and makes
 * a socket for each connection.
 */
export function letProcessEnd(client: RedisClient): void {
  if (!isCluster(client)) {
    unrefSockets(client);
    return;
  }
  for (const node of client.nodes("all")) unrefSockets(node);
  client.on("+node", unrefSockets);
}

/** Ends a client at once: `disconnect` alone waits for the other side, with a timer that holds the process. */
export function cut(client: RedisClient): void {
  const nodes = isCluster(client) ? client.nodes("all") : [client];
  client.disconnect();
  for (const node of nodes) streamOf(node)?.destroy?.();
}
