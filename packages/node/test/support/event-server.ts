import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { listenOnOwnPort } from "@sortition/test-kit";

/** Handles request number `index`, counted from 0. */
export type EventResponder = (response: ServerResponse, index: number) => void;

/** A server of event streams on loopback. */
export interface EventServer extends AsyncDisposable {
  readonly url: URL;
  /** Headers of the requests, in order. */
  readonly requests: readonly IncomingHttpHeaders[];
  readonly openConnections: number;
}

/** Starts a server on a free port. Its responder writes the response and may leave it open. */
export async function startEventServer(respond: EventResponder): Promise<EventServer> {
  const requests: IncomingHttpHeaders[] = [];
  let openConnections = 0;
  const server = createServer(({ headers }, response) => {
    requests.push(headers);
    respond(response, requests.length - 1);
  });
  server.on("connection", (socket) => {
    openConnections += 1;
    socket
      .on("error", () => {})
      .once("close", () => {
        openConnections -= 1;
      });
  });
  await listenOnOwnPort(server);
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return {
    url: new URL(`http://127.0.0.1:${port}/stream`),
    requests,
    get openConnections() {
      return openConnections;
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Starts an event stream with `text` and leaves it open. */
export function stream(response: ServerResponse, text = ""): ServerResponse {
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
  response.flushHeaders();
  if (text !== "") response.write(text);
  return response;
}
