import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** PostHog's server on loopback, which serves definitions. */
export interface PosthogServer {
  readonly url: string;
  close(): void;
}

/** Starts the server. */
export async function startPosthogServer(definitions: object): Promise<PosthogServer> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(`http://localhost${request.url}`);
    response.setHeader("content-type", "application/json");
    if (pathname === "/flags/definitions") response.end(JSON.stringify(definitions));
    else response.writeHead(404).end("{}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // an object, because it listens on a TCP port
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
