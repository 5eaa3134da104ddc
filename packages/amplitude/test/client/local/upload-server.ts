import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Receives the analytics library's uploads. */
export class UploadServer {
  readonly events: Record<string, unknown>[] = [];
  readonly #server: Server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      const { events } = JSON.parse(body) as { events: Record<string, unknown>[] };
      this.events.push(...events);
      response.end('{"code":200}');
    });
  });

  async start(): Promise<void> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
  }

  get url(): string {
    // A TCP server has an address of this type.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/2/httpapi`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
