import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { listenOnOwnPort } from "@sortition/test-kit";

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
    await listenOnOwnPort(this.#server);
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
