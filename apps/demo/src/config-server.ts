import { type LoopbackServer, sendTagged, startLoopbackServer } from "./loopback-server.js";

/** A configuration server on loopback. */
export interface ConfigServer extends LoopbackServer {
  /** Number of requests so far. */
  readonly requests: number;
  /** Replaces the served configuration. */
  publish(body: string): void;
}

/**
 * Starts a server that responds like the vendor's, with entity tags, on a free port.
 *
 * @param models - models of the bandits, which never change.
 */
export async function startConfigServer(body: string, models: string): Promise<ConfigServer> {
  let current = body;
  let requests = 0;
  const { close, url } = await startLoopbackServer((request, response) => {
    requests += 1;
    const { pathname } = new URL(`http://localhost${request.url}`);
    const served = new Map([
      ["/api/flag-config/v1/config", current],
      ["/api/flag-config/v1/bandits", models],
    ]).get(pathname);
    if (served === undefined) response.writeHead(404).end();
    else sendTagged(request, response, served);
  });
  return {
    url: `${url}/api`,
    get requests() {
      return requests;
    },
    publish(next) {
      current = next;
    },
    close,
  };
}
