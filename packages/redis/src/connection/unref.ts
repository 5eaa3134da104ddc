import type { Redis } from "ioredis";

/** The members of a socket that we use. Only TLS sockets have the last two. */
export interface SocketLike {
  unref?(): void;
  destroy?(): void;
  readonly connecting?: boolean;
  readonly bytesRead?: number;
  readonly encrypted?: boolean;
  readonly secureConnecting?: boolean;
}

/** A member of clients that ioredis does not declare. */
interface WithStream {
  readonly stream?: SocketLike | undefined;
}

/** Allows the process to exit while this client of one server is connected or connecting. */
export function unrefSockets(client: Redis): void {
  const unref = (): void => streamOf(client)?.unref?.();
  // The socket exists one turn later.
  client.on("connecting", () => setImmediate(unref));
  client.on("connect", unref);
}

/** Returns the socket of a client, if it has one. */
export function streamOf(client: Redis): SocketLike | undefined {
  return (client as unknown as WithStream).stream;
}
