import { readFileSync } from "node:fs";
import { type LoopbackServer, startLoopbackServer } from "../loopback-server.js";

const DEFINITIONS = new URL("../../../posthog-definitions.json", import.meta.url);
const THEME = JSON.stringify('{"colour":"blue"}');

/** Starts a server like PostHog's, with flag definitions, one remote configuration, and event uploads. */
export async function startPosthogServer(): Promise<LoopbackServer> {
  return await startLoopbackServer(
    (request, response) => {
      const { pathname } = new URL(request.url ?? "/", "http://localhost");
      request.resume().once("end", () => {
        response.setHeader("content-type", "application/json");
        if (pathname === "/flags/definitions") response.end(readFileSync(DEFINITIONS));
        else if (pathname === "/flags/") response.end('{"flags":{}}');
        else if (pathname.endsWith("/remote_config")) response.end(THEME);
        else if (pathname === "/batch/") response.end("{}");
        else response.writeHead(404).end();
      });
    },
    (url) => ({ POSTHOG_HOST: url }),
  );
}
