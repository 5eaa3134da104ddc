import { parseUrl } from "@sortition/core/internal";
import { isCluster, type RedisClient } from "./input.js";

/**
 * An address as ioredis accepts it, except for a port or a URL. Callers in JavaScript may pass
 * `null`.
 */
interface Address {
  readonly host?: string | null | undefined;
  readonly port?: number | null | undefined;
}

/** Returns where a client connects, for messages, without user, password and query. */
export function placeOf(client: RedisClient): string {
  // ioredis declares the nodes private. A factory may return an object that only resembles a client.
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

/** Formats an address given as options, a URL, or `host:port`. */
function addressOf(node: unknown): string {
  if (typeof node === "object") {
    const { host, port } = node as Address;
    const name = `${host || "localhost"}`;
    return `${name.includes(":") ? `[${name}]` : name}:${port || 6_379}`;
  }
  const text = String(node);
  const url = text.includes("://") ? text : `redis://${text}`;
  return parseUrl(url)?.host ?? "?";
}
