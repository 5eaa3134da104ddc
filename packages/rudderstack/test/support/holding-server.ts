import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A service that responds only when the test says so. */
export interface HoldingServer {
  readonly url: string;
  /** Number of requests without a response. */
  readonly waiting: number;
  /** Number of events in these requests. */
  readonly events: number;
  /** Responds to all of them. */
  answer(): void;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a service on loopback that reads uncompressed requests. */
export async function startHoldingServer(): Promise<HoldingServer> {
  const held = new Map<ServerResponse, number>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { batch } = JSON.parse(Buffer.concat(chunks).toString());
    held.set(response, batch.length);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // a TCP server has a port
  const answer = (): void => {
    for (const response of held.keys()) response.end("{}");
    held.clear();
  };
  return {
    url: `http://127.0.0.1:${port}`,
    get waiting() {
      return held.size;
    },
    get events() {
      return [...held.values()].reduce((sum, count) => sum + count, 0);
    },
    answer,
    async [Symbol.asyncDispose]() {
      answer();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
