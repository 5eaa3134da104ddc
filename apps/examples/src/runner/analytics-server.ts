import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** An analytics service on loopback that takes whatever it is sent. */
export interface AnalyticsServer {
  /** What SEGMENT_HOST, RUDDERSTACK_DATA_PLANE_URL and SNOWPLOW_ENDPOINT are set to. */
  readonly url: string;
  close(): void;
}

/** Starts one. */
export async function startAnalyticsServer(): Promise<AnalyticsServer> {
  const server = createServer((request, response) => {
    request.resume().once("end", () => response.writeHead(200).end("{}"));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // it listens on a port
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
