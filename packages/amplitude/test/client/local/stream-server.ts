import { once } from "node:events";
import {
  createServer,
  type IncomingHttpHeaders,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { listenOnOwnPort } from "@sortition/test-kit";
import { vi } from "vitest";

/** Serves Amplitude's stream, flags and cohorts on loopback. */
export class StreamServer {
  flags: readonly object[] = [];
  /** Status of the stream. A status other than 200 refuses it; 0 sends no response. */
  streamStatus = 200;
  /** Number of further connections to refuse. */
  refusals = 0;
  /** Whether a new connection receives the flags immediately. */
  sendsFirst = true;
  /** Headers of each stream connection. */
  readonly connections: IncomingHttpHeaders[] = [];
  flagsStatus = 200;
  /** Delays the responses to polls. They contain the flags from the time of the request. */
  pollIsHeld: Promise<void> | null = null;
  polls = 0;
  readonly cohorts: Map<string, object> = new Map();
  readonly downloads: string[] = [];
  readonly #server: Server;
  readonly #streams = new Set<ServerResponse>();

  private constructor() {
    this.#server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? "/", "http://localhost");
      if (pathname === "/sdk/v2/flags") {
        this.polls += 1;
        const body = JSON.stringify(this.flags);
        response.statusCode = this.flagsStatus;
        if (this.pollIsHeld === null) response.end(body);
        else void this.pollIsHeld.then(() => response.end(body));
      } else if (pathname === "/sdk/stream/v1/flags") {
        this.connections.push(request.headers);
        this.#stream(response);
      } else {
        const id = pathname.replace("/sdk/v1/cohort/", "");
        const cohort = this.cohorts.get(id);
        this.downloads.push(id);
        if (cohort === undefined) response.writeHead(404).end();
        else response.end(JSON.stringify(cohort));
      }
    });
  }

  static async start(): Promise<StreamServer> {
    const server = new StreamServer();
    await listenOnOwnPort(server.#server);
    return server;
  }

  get url(): string {
    // A TCP server has an address of this type.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get open(): number {
    return this.#streams.size;
  }

  send(data: string): void {
    this.write(`data: ${data}\n\n`);
  }

  write(text: string): void {
    for (const stream of this.#streams) stream.write(text);
  }

  sendFlags(): void {
    this.send(JSON.stringify(this.flags));
  }

  reset(): void {
    for (const stream of this.#streams) stream.socket?.resetAndDestroy();
  }

  /** Resolves when a condition is met. */
  until(isMet: () => boolean): Promise<void> {
    return vi.waitFor(() => {
      const seen = `${this.connections.length} connections, ${this.polls} polls`;
      if (!isMet()) throw new Error(`not met: ${isMet}, after ${seen}`);
    });
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }

  #stream(response: ServerResponse): void {
    if (this.refusals > 0) {
      this.refusals -= 1;
      response.writeHead(500).end();
      return;
    }
    if (this.streamStatus === 0) return;
    if (this.streamStatus !== 200) {
      response.writeHead(this.streamStatus).end();
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.flushHeaders();
    this.#streams.add(response);
    response.once("close", () => this.#streams.delete(response));
    if (this.sendsFirst) response.write(`data: ${JSON.stringify(this.flags)}\n\n`);
  }
}
