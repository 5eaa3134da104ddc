import { type LoopbackServer, startLoopbackServer } from "../loopback-server.js";

/** Starts PostHog's server, which serves definitions. */
export function startPosthogServer(definitions: object): Promise<LoopbackServer> {
  return startLoopbackServer((request, response) => {
    const { pathname } = new URL(`http://localhost${request.url}`);
    response.setHeader("content-type", "application/json");
    if (pathname === "/flags/definitions") response.end(JSON.stringify(definitions));
    else response.writeHead(404).end("{}");
  });
}
