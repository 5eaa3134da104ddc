import { once } from "node:events";
import {
  createServer,
  type IncomingHttpHeaders,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { listenOnOwnPort } from "@sortition/test-kit";

/** A request as it was received. */
export interface SeenRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The server's behaviour, which can be changed at any time. */
export interface ShopServerOptions {
  payload: unknown;
  hasStream: boolean;
  /** Interval of the comments that keep a new stream alive, ms. Default: none are sent. */
  pingMs?: number;
}

/** GrowthBook's API, stream and ingestor on a single loopback port. */
export class ShopServer {
  readonly requests: SeenRequest[] = [];
  readonly streams: Set<ServerResponse> = new Set();
  readonly options: ShopServerOptions;
  /** Handles requests instead of the server. Returns whether it did. */
  interceptor: ((request: SeenRequest, response: ServerResponse) => boolean) | null = null;
  url = "";
  /** Number of connections opened so far. */
  connections = 0;
  readonly #server: Server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const request: SeenRequest = {
      method: incoming.method ?? "",
      target: incoming.url ?? "",
      headers: incoming.headers,
      body: Buffer.concat(chunks).toString(),
    };
    this.requests.push(request);
    if (this.interceptor?.(request, response)) return;
    this.#answer(request.target, response);
  });

  constructor(options: ShopServerOptions) {
    this.options = options;
  }

  async start(): Promise<this> {
    this.#server.on("connection", () => void this.connections++);
    await listenOnOwnPort(this.#server);
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  /** Sends an event to all streams. */
  push(event: string, data: string): void {
    for (const stream of this.streams) stream.write(`event: ${event}\ndata: ${data}\n\n`);
  }

  /** Returns the requests whose target contains the string. */
  to(part: string): SeenRequest[] {
    return this.requests.filter(({ target }) => target.includes(part));
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #answer(target: string, response: ServerResponse): void {
    if (target.startsWith("/sub/")) {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(": open\n\n");
      this.streams.add(response);
      const { pingMs } = this.options;
      const ping = pingMs && setInterval(() => response.write(": ping\n\n"), pingMs);
      response.on("close", () => {
        clearInterval(ping);
        this.streams.delete(response);
      });
      return;
    }
    const { hasStream, payload } = this.options;
    if (target.startsWith("/track")) response.end("{}");
    else {
      const sse: Record<string, string> = hasStream ? { "x-sse-support": "enabled" } : {};
      response.writeHead(200, { "content-type": "application/json", ...sse });
      response.end(JSON.stringify(payload));
    }
  }
}

export async function until(
  holds: () => boolean,
  what: string,
  timeoutMs = 200_000,
): Promise<void> {
  const endMs = performance.now() + timeoutMs;
  while (!holds()) {
    if (performance.now() > endMs) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
