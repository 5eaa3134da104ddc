import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A configuration server on loopback. */
export interface ConfigServer {
  readonly url: string;
  /** Number of requests so far. */
  readonly requests: number;
  /** Replaces the served configuration. */
  publish(body: string): void;
  close(): void;
}

/**
 * Starts a server that responds like the vendor's, with entity tags, on a free port.
 *
 * @param models - models of the bandits, which never change.
 */
export async function startConfigServer(body: string, models: string): Promise<ConfigServer> {
  let current = body;
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    const { pathname } = new URL(`http://localhost${request.url}`);
    const served = new Map([
      ["/api/flag-config/v1/config", current],
      ["/api/flag-config/v1/bandits", models],
    ]).get(pathname);
    if (served === undefined) {
      response.writeHead(404).end();
      return;
    }
    const etag = `"${createHash("sha256").update(served).digest("hex").slice(0, 16)}"`;
    if (request.headers["if-none-match"] === etag) response.writeHead(304).end();
    else response.writeHead(200, { "content-type": "application/json", etag }).end(served);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // an object, because it listens on a TCP port
  return {
    url: `http://127.0.0.1:${port}/api`,
    get requests() {
      return requests;
    },
    publish(next) {
      current = next;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
