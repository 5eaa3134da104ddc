import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const flagsFile = new URL("../../flags.json", import.meta.url);

/** A configuration server on loopback, in place of the vendor's. */
export interface ConfigServer {
  /** What EPPO_BASE_URL is set to. */
  readonly url: string;
  close(): void;
}

/** Starts one that serves `flags.json` first, and then a later state of it, in which everybody has the fast checkout. */
export async function startConfigServer(): Promise<ConfigServer> {
  const first = readFileSync(flagsFile, "utf8");
  let next = first;
  const server = createServer((request, response) => {
    if (!request.url?.startsWith("/api/flag-config/v1/config")) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": "application/json" }).end(next);
    next = first.replace('"end": 5000', '"end": 10000');
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // it listens on a port
  return {
    url: `http://127.0.0.1:${port}/api`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
