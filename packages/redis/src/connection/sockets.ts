import type { Redis } from "ioredis";
import { isCluster, type RedisClient } from "./input.js";

/** The part of a socket that is used here. ioredis does not declare it. */
interface WithStream {
  readonly stream?: { unref?(): void; destroy?(): void } | undefined;
}

/**
 * Lets the process end while the client is connected or connecting. ioredis has no option for it, and makes
 * a socket for each connection.
 */
export function letProcessEnd(client: RedisClient): void {
  if (!isCluster(client)) {
    watch(client);
    return;
  }
  for (const node of client.nodes("all")) watch(node);
  client.on("+node", watch);
}

/** Ends a client at once: `disconnect` alone waits for the other side, with a timer that holds the process. */
export function cut(client: RedisClient): void {
  const nodes = isCluster(client) ? client.nodes("all") : [client];
  client.disconnect();
  for (const node of nodes) streamOf(node)?.destroy?.();
}

function watch(client: Redis): void {
  const unref = (): void => streamOf(client)?.unref?.();
  // The socket exists one turn later.
  client.on("connecting", () => setImmediate(unref));
  client.on("connect", unref);
}

function streamOf(client: Redis): WithStream["stream"] {
  return (client as unknown as WithStream).stream;
}
