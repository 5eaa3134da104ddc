import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A slow receiver of exposures. */
export interface Collector {
  readonly url: string;
  /** Ids of all exposures, in the order in which they were received. */
  readonly ids: readonly string[];
  close(): Promise<void>;
}

/** Starts a receiver on loopback that responds to each POST after this time. */
export async function startCollector(delayMs: number): Promise<Collector> {
  const ids: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer); // chunks of a request are buffers
    const { exposures } = JSON.parse(Buffer.concat(chunks).toString());
    setTimeout(() => {
      for (const { messageId } of exposures) ids.push(messageId);
      response.end();
    }, delayMs);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // it listens on TCP
    ids,
    async close() {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
}
