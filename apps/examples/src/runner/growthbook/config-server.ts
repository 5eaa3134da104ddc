import { readFileSync } from "node:fs";
import { type LoopbackServer, startLoopbackServer } from "../loopback-server.js";

/** Serves `features.json` as GrowthBook's API does. */
export function startGrowthbookServer(): Promise<LoopbackServer> {
  const features = readFileSync(new URL("../../../features.json", import.meta.url));
  return startLoopbackServer(
    (request, response) => {
      const isKnown = request.url?.startsWith("/api/features/") === true;
      response.writeHead(isKnown ? 200 : 404, { "content-type": "application/json" });
      response.end(isKnown ? features : "{}");
    },
    (url) => ({ GROWTHBOOK_API_HOST: url }),
  );
}
