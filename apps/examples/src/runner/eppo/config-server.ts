import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const folder = new URL("../../", import.meta.url);
/** The key of the one environment that has a bandit. */
const SHOES_KEY = "shoes";

/** A configuration server on loopback, in place of the vendor's. */
export interface ConfigServer {
  /** What EPPO_BASE_URL is set to. */
  readonly url: string;
  close(): void;
}

/**
 * Starts one that serves `flags.json` first, and then a later state of it, in which everybody has the
 * fast checkout. Another key gets `shoes.json` and the models of its bandit.
 */
export async function startConfigServer(): Promise<ConfigServer> {
  const first = readFileSync(new URL("flags.json", folder), "utf8");
  let next = first;
  const bodyOf = (path: string, key: string | null): string | null => {
    if (path === "/api/flag-config/v1/bandits") return read("shoe-bandits.json");
    if (path !== "/api/flag-config/v1/config") return null;
    if (key === SHOES_KEY) return read("shoes.json");
    const body = next;
    next = first.replace('"end": 5000', '"end": 10000');
    return body;
  };
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    const body = bodyOf(pathname, searchParams.get("apiKey"));
    if (body === null) response.writeHead(404).end();
    else response.writeHead(200, { "content-type": "application/json" }).end(body);
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

function read(file: string): string {
  return readFileSync(new URL(file, folder), "utf8");
}
