import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { listenOnOwnPort } from "@sortition/test-kit";

/** A server that sends events to each stream, beginning with everything. */
export class StreamServer {
  /** The flags and segments that a new stream receives. */
  readonly content: Readonly<Record<"flags" | "segments", Record<string, object>>> = {
    flags: {},
    segments: {},
  };
  readonly #streams = new Set<ServerResponse>();
  readonly #server = createServer((request, response) => {
    if (request.url !== "/all" || request.headers.authorization !== "sdk-key") {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.on("close", () => this.#streams.delete(response));
    this.#streams.add(response);
    write(response, "put", { path: "/", data: this.content });
  });

  async start(): Promise<string> {
    await listenOnOwnPort(this.#server);
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get streamCount(): number {
    return this.#streams.size;
  }

  send(type: "patch" | "delete", event: object): void {
    for (const stream of this.#streams) write(stream, type, event);
  }

  /** Ends the streams. */
  cut(): void {
    for (const stream of this.#streams) stream.destroy();
    this.#streams.clear();
  }

  close(): void {
    this.cut();
    this.#server.close();
  }
}

function write(response: ServerResponse, type: string, event: object): void {
  response.write(`event: ${type}\ndata: ${JSON.stringify(event)}\n\n`);
}
