import http, {
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import https from "node:https";
import net from "node:net";
import tls from "node:tls";
import { gunzipSync } from "node:zlib";
import { vi } from "vitest";
import { LoopSocket, systemError } from "./loop-socket.js";

/** A request as received by the server. */
export interface ScriptedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  /** The decompressed body. */
  readonly body: string;
  /** Number of the request among those that this responder has handled, from 1. */
  readonly number: number;
}

/** How a server replies to a request. A number is a status without a body. */
export type ScriptedReply =
  | number
  | {
      /** Default: 200. */
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      /** Objects are sent as JSON. */
      readonly body?: string | object;
      /** Ms before the reply starts. Default: 0. */
      readonly afterMs?: number;
    }
  /**
   * `hang`: never replies. `reset`: resets the connection. `cut`: closes it in the middle of the
   * body.
   */
  | "hang"
  | "reset"
  | "cut"
  /** Sends the headers of an event stream, which is then in `ScriptedServer.streams`. */
  | "stream";

/** Chooses a reply. */
export type ScriptedResponder = (request: ScriptedRequest) => ScriptedReply;

/** An open stream of events. */
export interface ScriptedStream {
  readonly url: URL;
  /** Writes text as is. */
  write(text: string): void;
  /** Writes one event. */
  send(data: string, type?: string): void;
  /** Ends the response. */
  end(): void;
  /** Resets the connection. */
  reset(): void;
}

/** The servers of a situation. */
export interface ScriptedServer {
  /**
   * Sets the replies to requests whose URL without query ends with `path` (or contains it, if it
   * ends with `*`). Each of several replies is used for one request, and the last one for all later
   * ones. Setting a path again starts over.
   */
  on(path: string, ...replies: readonly (ScriptedReply | ScriptedResponder)[]): void;
  /** Sets how later connections are handled. Open connections are reset unless it is `accepted`. */
  connections(are: "accepted" | "refused" | "unanswered"): void;
  /** Open streams, oldest first. */
  readonly streams: readonly ScriptedStream[];
}

/** Receives network events. */
export interface NetworkListener {
  /** Called for each request, before the reply. */
  onRequest(request: ScriptedRequest, reply: ScriptedReply): void;
  /** Called for all other events of connections. */
  onEvent(what: string): void;
  onTraffic(): void;
}

interface Script {
  replies: readonly (ScriptedReply | ScriptedResponder)[];
  requests: number;
}

/**
 * Servers within this process for any address. Sockets opened by Node's HTTP clients and undici
 * lead to them. All code above the sockets is real.
 */
export class ScriptedNetwork implements ScriptedServer {
  readonly #listener: NetworkListener;
  readonly #scripts = new Map<string, Script>();
  readonly #streams = new Set<ScriptedStream>();
  readonly #sockets = new Set<LoopSocket>();
  readonly #http = http.createServer({ keepAliveTimeout: 0 }, (incoming, outgoing) => {
    void this.#serve(incoming, outgoing);
  });
  #connections: "accepted" | "refused" | "unanswered" = "accepted";

  constructor(listener: NetworkListener) {
    this.#listener = listener;
    const plain = (...args: unknown[]): LoopSocket => this.#open("http:", args);
    const secure = (...args: unknown[]): LoopSocket => this.#open("https:", args);
    replace(net, "connect", plain);
    replace(net, "createConnection", plain);
    replace(tls, "connect", secure);
    // The agents keep references to the functions of their modules.
    replace(http.Agent.prototype, "createConnection", plain);
    replace(https.Agent.prototype, "createConnection", secure);
  }

  get streams(): readonly ScriptedStream[] {
    return [...this.#streams];
  }

  on(path: string, ...replies: readonly (ScriptedReply | ScriptedResponder)[]): void {
    this.#scripts.set(path, { replies, requests: 0 });
  }

  connections(are: "accepted" | "refused" | "unanswered"): void {
    this.#connections = are;
    if (are !== "accepted") for (const socket of this.#sockets) socket.reset();
  }

  /** Ends all connections. */
  close(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #open(protocol: "http:" | "https:", args: readonly unknown[]): LoopSocket {
    const { host = "", port } = (args[0] ?? {}) as { host?: string; port?: number | string };
    const { origin } = new URL(`${protocol}//${host}${port ? `:${port}` : ""}`);
    const client = new LoopSocket(origin, () => this.#listener.onTraffic());
    const mode = this.#connections;
    if (mode === "refused") {
      this.#listener.onEvent(`CONNECT ${origin} refused`);
      setImmediate(() => client.destroy(systemError("ECONNREFUSED", "connect")));
    } else if (mode === "unanswered") {
      this.#listener.onEvent(`CONNECT ${origin} unanswered`);
    } else {
      this.#listener.onTraffic();
      setImmediate(() => this.#accept(client));
    }
    return client;
  }

  #accept(client: LoopSocket): void {
    if (client.destroyed) return;
    const socket = new LoopSocket(client.origin, () => this.#listener.onTraffic());
    socket.on("error", () => {});
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    this.#http.emit("connection", socket);
    LoopSocket.connect(client, socket);
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const socket = incoming.socket as unknown as LoopSocket; // see `#accept`
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => void chunks.push(chunk));
    const isWhole = await new Promise<boolean>((resolve) => {
      incoming.once("end", () => resolve(true));
      incoming.once("close", () => resolve(false));
    });
    if (!isWhole) return;
    const { headers, method = "" } = incoming;
    const bytes = Buffer.concat(chunks);
    const body = (headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes).toString();
    const url = new URL(incoming.url ?? "/", socket.origin);
    const script = this.#scriptOf(url);
    if (script !== undefined) script.requests += 1;
    const number = script?.requests ?? 1;
    const request: ScriptedRequest = { method, url, headers, body, number };
    const chosen = script?.replies[Math.min(number, script.replies.length) - 1] ?? 404;
    const reply = typeof chosen === "function" ? chosen(request) : chosen;
    this.#listener.onRequest(request, reply);
    this.#reply(outgoing, socket, request, reply);
  }

  #scriptOf({ origin, pathname }: URL): Script | undefined {
    const address = `${origin}${pathname}`;
    const isMeant = (path: string): boolean =>
      path.endsWith("*") ? address.includes(path.slice(0, -1)) : address.endsWith(path);
    const path = [...this.#scripts.keys()].find(isMeant);
    return path === undefined ? undefined : this.#scripts.get(path);
  }

  #reply(
    outgoing: ServerResponse,
    socket: LoopSocket,
    { method, url }: ScriptedRequest,
    reply: ScriptedReply,
  ): void {
    const place = `${method} ${url.origin}${url.pathname}`;
    let isOurs = false;
    outgoing.once("close", () => {
      if (!outgoing.writableFinished && !isOurs) this.#listener.onEvent(`gave up ${place}`);
    });
    // Node would set it from its own clock.
    outgoing.sendDate = false;
    outgoing.setHeader("date", new Date(Date.now()).toUTCString());
    if (reply === "hang") return;
    if (reply === "reset") {
      isOurs = true;
      socket.reset();
    } else if (reply === "cut") {
      isOurs = true;
      outgoing.writeHead(200, { "content-length": "100" });
      outgoing.write('{"flags"', () => socket.destroySoon());
    } else if (reply === "stream") {
      outgoing.writeHead(200, { "content-type": "text/event-stream" });
      outgoing.flushHeaders();
      const stream: ScriptedStream = {
        url,
        write: (text) => void outgoing.write(text),
        send: (data, type) =>
          void outgoing.write(`${type === undefined ? "" : `event: ${type}\n`}data: ${data}\n\n`),
        end: () => void outgoing.end(),
        reset() {
          isOurs = true;
          socket.reset();
        },
      };
      this.#streams.add(stream);
      outgoing.once("close", () => this.#streams.delete(stream));
    } else {
      const {
        afterMs = 0,
        body = "",
        headers = {},
        status = 200,
      } = typeof reply === "number" ? { status: reply } : reply;
      const send = (): void => {
        const isEmpty = status === 204 || status === 304;
        const bytes = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
        outgoing.writeHead(status, {
          ...(isEmpty ? {} : { "content-length": String(bytes.length) }),
          ...headers,
        });
        outgoing.end(isEmpty ? undefined : bytes);
      };
      if (afterMs === 0) send();
      else setTimeout(() => outgoing.destroyed || send(), afterMs);
    }
  }
}

/** Replaces a function that opens sockets, whose types do not accept a test double of a socket. */
function replace(owner: object, name: string, open: (...args: unknown[]) => LoopSocket): void {
  vi.spyOn(owner as Record<string, () => unknown>, name).mockImplementation(open);
}
