import type { Redis } from "ioredis";

/** The part of a socket that is used here. Those of TLS have the last two members. */
export interface SocketLike {
  unref?(): void;
  destroy?(): void;
  readonly connecting?: boolean;
  readonly bytesRead?: number;
  readonly encrypted?: boolean;
  readonly secureConnecting?: boolean;
}

/** The part of a client that ioredis does not declare. */
interface WithStream {
  readonly stream?: SocketLike | undefined;
}

/** Lets the process end while this client of one server is connected or connecting. */
export function unrefSockets(client: Redis): void {
  const unref = (): void => streamOf(client)?.unref?.();
  // The socket exists one turn later.
  client.on("connecting", () => setImmediate(unref));
  client.on("connect", unref);
}

/** The socket of a client, if it has one. */
export function streamOf(client: Redis): SocketLike | undefined {
  return (client as unknown as WithStream).stream;
}
