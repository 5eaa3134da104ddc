import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { listenOnOwnPort } from "./own-port.js";

/** How a server replies to a request. */
export type Reply =
  | {
      readonly kind: "answer";
      /** Default: 200. */
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string | Uint8Array;
    }
  /** Never replies. */
  | { readonly kind: "hang" }
  /** Sends headers and the first byte of a body, then nothing. */
  | { readonly kind: "hang-in-body" }
  /** Sends headers, then endlessly one byte per interval. */
  | { readonly kind: "drip"; readonly everyMs: number }
  /** Sends half of the body, then closes the connection. */
  | { readonly kind: "cut"; readonly body: string; readonly framing: "content-length" | "chunked" }
  /** Resets the connection. */
  | { readonly kind: "reset" };

/** Chooses a reply, synchronously or asynchronously. */
export type Responder = (request: RecordedRequest) => Reply | Promise<Reply>;

/** A received request. */
export interface RecordedRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  /** Time of arrival, by `performance.now()`. */
  readonly atMs: number;
  /** Resolves with `performance.now()` when its connection is closed. */
  readonly connectionClosed: Promise<number>;
}

/**
 * An HTTP server on loopback that sends the replies chosen by the test, and records its requests.
 */
export interface TestServer {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  readonly openConnections: number;
  /** Maximum number of simultaneous requests. */
  readonly peakConcurrency: number;
  /** Sets the reply to later requests. */
  respond(responder: Responder | Reply): void;
  /** Resolves with request number `count`, starting at 1, when it has arrived. */
  request(count: number): Promise<RecordedRequest>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts a server on loopback. Default reply: 404. Rejects if the port is in use.
 *
 * @param options - `holdsProcess`: whether the server keeps the process alive. Default: true. `port`: default: one that no other test uses.
 */
export async function startTestServer(
  first: Responder | Reply = { kind: "answer", status: 404 },
  {
    holdsProcess = true,
    port: wanted,
  }: { readonly holdsProcess?: boolean; readonly port?: number } = {},
): Promise<TestServer> {
  let responder = first;
  let concurrency = 0;
  let peakConcurrency = 0;
  const requests: RecordedRequest[] = [];
  const sockets = new Map<Socket, Promise<number>>();
  const waiting = new Set<() => void>();

  const server = createServer(async (incoming, outgoing) => {
    concurrency += 1;
    peakConcurrency = Math.max(peakConcurrency, concurrency);
    outgoing.once("close", () => {
      concurrency -= 1;
    });
    const request = record(incoming, sockets.get(incoming.socket) ?? Promise.resolve(0));
    if (request === null) {
      send(outgoing, { kind: "answer", status: 400 });
      return;
    }
    requests.push(request);
    for (const wake of waiting) wake();
    send(outgoing, typeof responder === "function" ? await responder(request) : responder);
  });
  server.on("connection", (socket) => {
    const closed = new Promise<number>((resolve) => {
      socket.once("close", () => {
        sockets.delete(socket);
        resolve(performance.now());
      });
    });
    sockets.set(socket, closed);
    if (!holdsProcess) socket.unref();
    socket.on("error", () => {}); // some tests reset connections
  });
  if (wanted === undefined) await listenOnOwnPort(server);
  else await once(server.listen(wanted, "127.0.0.1"), "listening");
  if (!holdsProcess) server.unref();
  // The address of a TCP server has this type.
  const { port } = server.address() as AddressInfo;

  const close = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    for (const socket of sockets.keys()) socket.destroy();
    await closed;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    get openConnections() {
      return sockets.size;
    },
    get peakConcurrency() {
      return peakConcurrency;
    },
    respond(next) {
      responder = next;
    },
    request(count) {
      return new Promise((resolve) => {
        const settle = (): void => {
          const request = requests[count - 1];
          if (request === undefined) return;
          waiting.delete(settle);
          resolve(request);
        };
        waiting.add(settle);
        settle();
      });
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Returns the request, or `null` if its target is no address. */
function record(
  incoming: IncomingMessage,
  connectionClosed: Promise<number>,
): RecordedRequest | null {
  const { url: target = "/" } = incoming;
  const base = "http://127.0.0.1";
  // A path may start with `//`, which is not a host here.
  const address = target.startsWith("/") ? base + target : target;
  if (!URL.canParse(address, base)) return null;
  const url = new URL(address, base);
  return {
    method: incoming.method ?? "",
    target,
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    atMs: performance.now(),
    connectionClosed,
  };
}

function send(outgoing: ServerResponse, reply: Reply): void {
  switch (reply.kind) {
    case "answer": {
      const body = Buffer.from(reply.body ?? "");
      const hasBody = reply.status !== 304 && reply.status !== 204;
      const isChunked = reply.headers?.["transfer-encoding"] !== undefined;
      const length = hasBody && !isChunked ? { "content-length": String(body.length) } : {};
      outgoing.writeHead(reply.status ?? 200, { ...length, ...reply.headers });
      outgoing.end(hasBody ? body : undefined);
      return;
    }
    case "hang":
      return;
    case "hang-in-body":
      outgoing.writeHead(200, { "content-length": "100" });
      outgoing.write("{");
      return;
    case "drip": {
      outgoing.writeHead(200);
      outgoing.flushHeaders();
      const timer = setInterval(() => outgoing.write(" "), reply.everyMs).unref(); // its socket keeps the process alive
      outgoing.once("close", () => clearInterval(timer));
      return;
    }
    case "cut": {
      const body = Buffer.from(reply.body);
      const hasLength = reply.framing === "content-length";
      outgoing.writeHead(200, hasLength ? { "content-length": String(body.length) } : {});
      outgoing.write(body.subarray(0, body.length >> 1), () => outgoing.socket?.end());
      return;
    }
    case "reset":
      outgoing.socket?.resetAndDestroy();
      return;
  }
}
