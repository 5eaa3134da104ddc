import { isCluster, type RedisClient } from "./input.js";

/** An address as ioredis takes it, but for a port or a URL. */
interface Address {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
}

/** Where a client connects, for messages: no user, password or query. */
export function placeOf(client: RedisClient): string {
  // ioredis declares the nodes private. A factory may return what is like a client.
  const { options = {}, startupNodes = [] } = client as {
    readonly options?: Address & {
      readonly name?: string;
      readonly path?: string;
      readonly sentinels?: readonly Address[] | null;
    };
    readonly startupNodes?: readonly unknown[];
  };
  if (isCluster(client)) return `redis cluster of ${startupNodes.map(addressOf).join(", ")}`;
  const { name, path, sentinels } = options;
  return sentinels
    ? `redis ${name} of the sentinels ${sentinels.map(addressOf).join(", ")}`
    : `redis at ${path ?? addressOf(options)}`;
}

/** Of options, of a URL, or of a host and port as a string. */
function addressOf(node: unknown): string {
  if (typeof node === "object") {
    const { host = "localhost", port = 6_379 } = node as Address;
    return `${host.includes(":") ? `[${host}]` : host}:${port}`;
  }
  const text = String(node);
  const url = text.includes("://") ? text : `redis://${text}`;
  return URL.canParse(url) ? new URL(url).host : "?";
}
