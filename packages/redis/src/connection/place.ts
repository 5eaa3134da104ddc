import { isCluster, type RedisClient } from "./input.js";

/** Before a client was made. */
export const NO_PLACE = "redis";

const MAX_NAMED = 3;

/** An address as ioredis takes it. */
interface Address {
  readonly host?: string | null | undefined;
  readonly port?: number | string | null | undefined;
}

/** Where a client connects, for messages: no user, password or query. */
export function placeOf(client: RedisClient): string {
  if (isCluster(client)) {
    // ioredis declares the member private.
    const { startupNodes } = client as unknown as { readonly startupNodes?: readonly unknown[] };
    return `redis cluster of ${listed(startupNodes ?? [])}`;
  }
  // A factory may return what is like a client.
  const { host, name, path, port, sentinels } = client.options ?? {};
  return Array.isArray(sentinels)
    ? `redis ${name} of the sentinels ${listed(sentinels)}`
    : `redis at ${path ?? addressOf({ host, port })}`;
}

function listed(nodes: readonly unknown[]): string {
  const named = nodes.slice(0, MAX_NAMED).map(nodeAddress);
  return [...named, ...(nodes.length > MAX_NAMED ? ["…"] : [])].join(", ");
}

/** Of a port, an object, a URL, or a host and port. */
function nodeAddress(node: unknown): string {
  if (typeof node === "object" && node !== null) return addressOf(node);
  const text = String(node);
  if (/^\d+$/.test(text)) return addressOf({ port: text });
  if (URL.canParse(text) && text.includes("://")) return new URL(text).host;
  // What is before an @ may be a password.
  return text.slice(text.lastIndexOf("@") + 1).replace(/[/?].*/, "");
}

function addressOf({ host, port }: Address): string {
  const name = host ?? "localhost";
  return `${name.includes(":") ? `[${name}]` : name}:${port ?? 6_379}`;
}
