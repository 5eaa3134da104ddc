import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

/** A received event. */
export interface ReceivedEvent {
  readonly uuid: string;
  readonly event: string;
  readonly distinct_id: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** PostHog's server on loopback, which serves definitions and collects events. */
export interface PosthogServer {
  readonly url: string;
  /** All events so far, in the order in which they were received. */
  readonly events: readonly ReceivedEvent[];
  close(): void;
}

/** Starts the server. */
export async function startPosthogServer(definitions: object): Promise<PosthogServer> {
  const events: ReceivedEvent[] = [];
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(`http://localhost${request.url}`);
    response.setHeader("content-type", "application/json");
    if (pathname === "/flags/definitions") response.end(JSON.stringify(definitions));
    else if (pathname === "/batch/") {
      events.push(...(await batchOf(request)));
      response.end('{"status":1}');
    } else response.writeHead(404).end("{}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // an object, because it listens on a TCP port
  return {
    url: `http://127.0.0.1:${port}`,
    events,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function batchOf(request: IncomingMessage): Promise<readonly ReceivedEvent[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer); // no encoding was set
  const bytes = Buffer.concat(chunks);
  const isZipped = request.headers["content-encoding"] === "gzip";
  return JSON.parse((isZipped ? gunzipSync(bytes) : bytes).toString("utf8")).batch;
}
