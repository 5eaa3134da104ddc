import type { Redis } from "ioredis";

/** The part of a socket that is used here. ioredis does not declare it. */
interface WithStream {
  readonly stream?: { unref?(): void; destroy?(): void } | undefined;
}

/** Lets the process end while this client of one server is connected or connecting. */
export function unrefSockets(client: Redis): void {
  const unref = (): void => streamOf(client)?.unref?.();
  // The socket exists one turn later.
  client.on("connecting", () => setImmediate(unref));
  client.on("connect", unref);
}

/** The socket of a client, if it has one. */
export function streamOf(client: Redis): WithStream["stream"] {
  return (client as unknown as WithStream).stream;
}
