import { type LoopbackServer, startLoopbackServer } from "./loopback-server.js";

/** Starts an analytics service that accepts everything it is sent. */
export async function startAnalyticsServer(): Promise<LoopbackServer> {
  return await startLoopbackServer(
    (request, response) => {
      request.resume().once("end", () => response.writeHead(200).end("{}"));
    },
    (url) => ({
      SEGMENT_HOST: url,
      RUDDERSTACK_DATA_PLANE_URL: url,
      SNOWPLOW_ENDPOINT: url,
    }),
  );
}
