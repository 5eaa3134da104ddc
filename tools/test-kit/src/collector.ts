import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { gunzipSync } from "node:zlib";
import { listenOnOwnPort } from "./own-port.js";

/** How a collector handles requests. */
export type CollectorMode =
  | { readonly kind: "ok"; readonly afterMs?: number }
  /** Sends 200 and headers immediately, then endlessly one byte of the body per interval. */
  | { readonly kind: "drip"; readonly everyMs: number }
  /**
   * Sends this status (default: 413) if the decompressed body is too large or has too many events,
   * else 200.
   */
  | {
      readonly kind: "limit";
      readonly maxBytes: number;
      readonly maxEvents?: number;
      readonly status?: 400 | 413;
    }
  /** Sends this status, or closes the connection, or never responds, if the body contains this text, else sends 200. */
  | {
      readonly kind: "refuse";
      readonly status: number | "reset" | "hang";
      readonly text: string;
    }
  /** Selects the mode of each request. */
  | { readonly kind: "each"; readonly next: () => CollectorMode }
  /** Closes the connection without a response. */
  | { readonly kind: "reset" }
  | { readonly kind: "status"; readonly status: number }
  /** Sends 429 with this `Retry-After`. */
  | { readonly kind: "retry-after"; readonly seconds: number }
  /** Never responds. */
  | { readonly kind: "hang" }
  /** Responds as if it accepted the events, but only when `release` is called. */
  | { readonly kind: "hold" };

/** A received request. The body is decompressed and parsed, whatever its content type. */
export interface CollectedRequest {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: unknown;
  /** When the whole request was received, by `performance.now()`. */
  readonly atMs: number;
  /** Status of the response. `null`: there was none. */
  readonly status: number | null;
}

/** An analytics service on loopback. */
export interface Collector {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** Requests in the order of arrival, including failed ones. */
  readonly requests: readonly CollectedRequest[];
  /** Number of refused requests, e.g. of a client that still polls a server which had this port before. */
  readonly foreign: number;
  /** Sets the mode of all requests, or of the next `first` requests. */
  answer(mode: CollectorMode, options?: { readonly first?: number }): void;
  /** Requests that wait for `release`. */
  readonly held: readonly CollectedRequest[];
  /** Responds to them. */
  release(): void;
  /** Closes the port. Connections are refused until `listen` is called. */
  refuse(): Promise<void>;
  /** Opens the same port again. */
  listen(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a collector that accepts every POST request. Others get status 404, are not recorded, and are counted. */
export async function startCollector(): Promise<Collector> {
  let foreign = 0;
  let usual: CollectorMode = { kind: "ok" };
  let exceptional: CollectorMode = usual;
  let exceptionsLeft = 0;
  const requests: CollectedRequest[] = [];
  const held = new Map<CollectedRequest, ServerResponse>();
  const sockets = new Set<Socket>();

  const server = createServer(async (incoming, outgoing) => {
    if (incoming.method !== "POST") {
      foreign += 1;
      outgoing.writeHead(404).end();
      return;
    }
    const received = await bodyOf(incoming).catch(() => null);
    if (received === null) {
      outgoing.writeHead(400).end(); // aborted by the client, or no JSON
      return;
    }
    const current = exceptionsLeft > 0 ? exceptional : usual;
    const mode = current.kind === "each" ? current.next() : current;
    exceptionsLeft = Math.max(0, exceptionsLeft - 1);
    const request: CollectedRequest = {
      path: incoming.url ?? "",
      headers: incoming.headers,
      body: received.body,
      atMs: performance.now(),
      status: send(outgoing, mode, received),
    };
    requests.push(request);
    if (mode.kind === "hold") held.set(request, outgoing);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => {}); // clients abort in some tests
    socket.once("close", () => sockets.delete(socket));
  });

  const port = await listenOnOwnPort(server);
  const listen = async (): Promise<void> => {
    await once(server.listen(port, "127.0.0.1"), "listening");
  };
  const refuse = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    get foreign() {
      return foreign;
    },
    answer(mode, { first } = {}) {
      if (first === undefined) {
        usual = mode;
        exceptionsLeft = 0;
      } else {
        exceptional = mode;
        exceptionsLeft = first;
      }
    },
    get held() {
      return [...held.keys()];
    },
    release() {
      for (const response of held.values()) accept(response);
      held.clear();
    },
    refuse,
    listen,
    close: refuse,
  };
}

interface Received {
  readonly body: unknown;
  /** Size of the decompressed body. */
  readonly sizeBytes: number;
}

async function bodyOf(incoming: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer); // without an encoding, chunks are buffers
  const bytes = Buffer.concat(chunks);
  const isZipped = incoming.headers["content-encoding"] === "gzip";
  const unzipped = isZipped ? gunzipSync(bytes) : bytes;
  const text = unzipped.toString("utf8");
  return { body: text === "" ? undefined : JSON.parse(text), sizeBytes: unzipped.length };
}

/** Counts the events in a body of one of the libraries. */
function eventsIn(body: unknown): number {
  const { batch, data } = body as { readonly batch?: unknown[]; readonly data?: unknown[] };
  return (batch ?? data ?? []).length;
}

function accept(outgoing: ServerResponse): void {
  outgoing.writeHead(200, { "content-type": "application/json" }).end("{}");
}

function send(
  outgoing: ServerResponse,
  mode: CollectorMode,
  { body, sizeBytes }: Received,
): number | null {
  switch (mode.kind) {
    case "ok":
      if (mode.afterMs === undefined) accept(outgoing);
      else setTimeout(accept, mode.afterMs, outgoing);
      return 200;
    case "drip": {
      outgoing.writeHead(200).flushHeaders();
      const timer = setInterval(() => outgoing.write(" "), mode.everyMs);
      outgoing.once("close", () => clearInterval(timer));
      return 200;
    }
    case "limit":
      if (sizeBytes <= mode.maxBytes && eventsIn(body) <= (mode.maxEvents ?? Number.MAX_VALUE)) {
        accept(outgoing);
        return 200;
      }
      outgoing.writeHead(mode.status ?? 413).end();
      return mode.status ?? 413;
    case "refuse":
      if (!JSON.stringify(body).includes(mode.text)) {
        accept(outgoing);
        return 200;
      }
      if (typeof mode.status === "string") {
        return send(outgoing, { kind: mode.status }, { body, sizeBytes });
      }
      outgoing.writeHead(mode.status).end();
      return mode.status;
    case "each":
      return send(outgoing, mode.next(), { body, sizeBytes });
    case "reset":
      outgoing.socket?.destroy();
      return null;
    case "status":
      outgoing.writeHead(mode.status).end();
      return mode.status;
    case "retry-after":
      outgoing.writeHead(429, { "retry-after": String(mode.seconds) }).end();
      return 429;
    case "hold":
      return 200;
    case "hang":
      return null;
  }
}
