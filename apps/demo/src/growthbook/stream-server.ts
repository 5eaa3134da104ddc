import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** GrowthBook's API with its stream of changes, on loopback. */
export interface StreamServer {
  readonly url: string;
  /** Requests for the whole payload so far. */
  readonly requests: number;
  /** Replaces the payload, and sends it to all streams. */
  push(payload: object): void;
  close(): void;
}

/** Starts a server on a free port. */
export async function startStreamServer(first: object): Promise<StreamServer> {
  let current = JSON.stringify(first);
  let requests = 0;
  const streams = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    if (request.url?.startsWith("/sub/")) {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(": open\n\n");
      streams.add(response);
      response.on("close", () => streams.delete(response));
      return;
    }
    requests += 1;
    const headers = { "content-type": "application/json", "x-sse-support": "enabled" };
    response.writeHead(200, headers).end(current);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // an object, because it listens on a TCP port
  return {
    url: `http://127.0.0.1:${port}`,
    get requests() {
      return requests;
    },
    push(payload) {
      current = JSON.stringify(payload);
      for (const stream of streams) stream.write(`event: features\ndata: ${current}\n\n`);
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
