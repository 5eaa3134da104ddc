import type { ServerResponse } from "node:http";
import { type LoopbackServer, startLoopbackServer } from "../loopback-server.js";

/** GrowthBook's API with its stream of changes, on loopback. */
export interface StreamServer extends LoopbackServer {
  /** Requests so far: for the whole payload, and for a stream. */
  readonly requests: { readonly payload: number; readonly stream: number };
  /** Number of open streams. */
  readonly open: number;
  /** Replaces the payload, and sends it to all streams. */
  push(payload: object): void;
}

/** Starts a server on a free port. */
export async function startStreamServer(first: object): Promise<StreamServer> {
  let current = JSON.stringify(first);
  const requests = { payload: 0, stream: 0 };
  const streams = new Set<ServerResponse>();
  const server = await startLoopbackServer((request, response) => {
    if (request.url?.startsWith("/sub/")) {
      requests.stream += 1;
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(": open\n\n");
      streams.add(response);
      response.on("close", () => streams.delete(response));
      return;
    }
    requests.payload += 1;
    const headers = { "content-type": "application/json", "x-sse-support": "enabled" };
    response.writeHead(200, headers).end(current);
  });
  return {
    ...server,
    requests,
    get open() {
      return streams.size;
    },
    push(payload) {
      current = JSON.stringify(payload);
      for (const stream of streams) stream.write(`event: features\ndata: ${current}\n\n`);
    },
  };
}
