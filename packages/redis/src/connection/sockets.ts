import { isCluster, type RedisClient } from "./input.js";
import { streamOf, unrefSockets } from "./unref.js";

/**
 * Allows the process to exit while the client is connected or connecting. ioredis has no option for
 * this, and creates a new socket for each connection.
 */
export function letProcessEnd(client: RedisClient): void {
  if (!isCluster(client)) {
    unrefSockets(client);
    return;
  }
  for (const node of client.nodes("all")) unrefSockets(node);
  client.on("+node", unrefSockets);
}

/**
 * Closes a client immediately. `disconnect` alone waits for the other side with a timer that keeps
 * the process alive.
 */
export function cut(client: RedisClient): void {
  const nodes = isCluster(client) ? client.nodes("all") : [client];
  client.disconnect();
  for (const node of nodes) streamOf(node)?.destroy?.();
}
