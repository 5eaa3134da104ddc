import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** A server on loopback that replaces a vendor's. */
export interface LoopbackServer {
  /** Environment variables for the examples that use it. */
  readonly env: Readonly<Record<string, string>>;
  close(): void;
}

/**
 * Starts a server.
 *
 * @param envOf - returns environment variables for the server's URL, which has no path.
 */
export async function startLoopbackServer(
  listener: RequestListener,
  envOf: (url: string) => LoopbackServer["env"],
): Promise<LoopbackServer> {
  const server = createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // an object, because it listens on a TCP port
  return {
    env: envOf(`http://127.0.0.1:${port}`),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
