import { readFileSync } from "node:fs";
import { type LoopbackServer, startLoopbackServer } from "../loopback-server.js";

const folder = new URL("../../../", import.meta.url);
/** The key of the one environment that has a bandit. */
const SHOES_KEY = "shoes";

/**
 * Starts a configuration server that serves `flags.json` first, and then a later state of it, in which
 * all subjects have the fast checkout. Another key gets `shoes.json` and the models of its bandit.
 */
export async function startEppoServer(): Promise<LoopbackServer> {
  const first = read("flags.json");
  let next = first;
  const bodyOf = (path: string, key: string | null): string | null => {
    if (path === "/api/flag-config/v1/bandits") return read("shoe-bandits.json");
    if (path !== "/api/flag-config/v1/config") return null;
    if (key === SHOES_KEY) return read("shoes.json");
    const body = next;
    next = first.replace('"end": 5000', '"end": 10000');
    return body;
  };
  return await startLoopbackServer(
    (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
      const body = bodyOf(pathname, searchParams.get("apiKey"));
      if (body === null) response.writeHead(404).end();
      else response.writeHead(200, { "content-type": "application/json" }).end(body);
    },
    (url) => ({ EPPO_BASE_URL: `${url}/api` }),
  );
}

function read(file: string): string {
  return readFileSync(new URL(file, folder), "utf8");
}
