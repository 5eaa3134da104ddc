import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { OptionError } from "@sortition/core/internal";
import type { ListenAddress } from "../config/listen.js";

const HEADERS_TIMEOUT_MS = 10_000;
/** How often Node checks connections for timeouts. With its default of 30 s, a timeout of 10 s could take 40 s. */
const CHECK_MS = 1_000;
/** For a whole request, body included. */
const REQUEST_TIMEOUT_MS = 30_000;
/** The same for requests that are passed on, which may have 20 MB. */
const LONG_REQUEST_TIMEOUT_MS = 60_000;
/** Longer than load balancers keep an idle connection, so that they close it, and no request meets a closed one. */
const KEEP_ALIVE_MS = 75_000;
const MAX_HEADER_BYTES = 16 * 1_024;
const MAX_CONNECTIONS = 20_000;
const SWEEP_MS = 50;
/** A drain ends early after this time without requests. Callers may not have noticed the shutdown before that. */
const QUIET_MS = 1_000;
/** How long the first request of a connection is waited for when the server ends. */
const UNUSED_MS = 500;
/** How long a caller may take to read a refusal and close its connection. */
const LINGER_MS = 1_000;

/** Answers a request. */
export type RequestListener = (incoming: IncomingMessage, outgoing: ServerResponse) => unknown;

export interface ServerOptions {
  readonly address: ListenAddress;
  /** The option that has the address, for messages. */
  readonly option: string;
  readonly listener: RequestListener;
  /** Whether a request may take a minute to arrive. Default: none may. */
  isLong?(incoming: IncomingMessage): boolean;
}

/** A server that ends without breaking a request. */
export interface RelayServer {
  /** Where it listens, with the port that it has. */
  readonly address: ListenAddress;
  /**
   * Serves requests with `Connection: close` for `drainMs`, or until there was none for a second. Then accepts no more, and
   * ends when all responses were sent, or after `timeoutMs`.
   */
  close(limits: { readonly drainMs: number; readonly timeoutMs: number }): Promise<void>;
}

/**
 * Starts a server with the limits of a relay.
 *
 * Rejects with an OptionError if the address is in use, or not one of this machine.
 */
export async function startServer({
  address,
  isLong = () => false,
  listener,
  option,
}: ServerOptions): Promise<RelayServer> {
  let isEnding = false;
  /** Number of requests whose response has not ended. */
  let open = 0;
  let quietSinceMs = performance.now();
  /** Connections without a request so far: callers open some in advance. */
  const unused = new Set<Socket>();
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: LONG_REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: CHECK_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    (incoming, outgoing) => {
      unused.delete(incoming.socket);
      open += 1;
      outgoing.once("close", () => {
        open -= 1;
        quietSinceMs = performance.now();
      });
      if (hasSeveralHosts(incoming)) {
        refuse(incoming.socket, BAD_REQUEST);
        return;
      }
      // Behind an offer of another protocol Node reads no further request.
      const isLast = isEnding || incoming.headers.upgrade !== undefined;
      if (isLast) outgoing.setHeader("connection", "close");
      if (isLong(incoming) ? isAmbiguous(incoming) : hasOtherCoding(incoming)) {
        refuse(incoming.socket, BAD_REQUEST);
        return;
      }
      if (!isLong(incoming)) limitBody(incoming);
      return listener(incoming, outgoing);
    },
  );
  server.maxConnections = MAX_CONNECTIONS;
  server.on("connection", (socket) => {
    unused.add(socket);
    socket.once("close", () => unused.delete(socket));
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket) =>
    refuse(socket, error.code === "HPE_HEADER_OVERFLOW" ? TOO_LARGE : BAD_REQUEST),
  );
  // Without a listener for `upgrade` Node answers in HTTP/1.1, as clients expect that offer HTTP/2 (Java's does by default).
  server.on("connect", (_, socket) => refuse(socket, BAD_REQUEST));
  await listen(server, option, address);
  const { port } = server.address() as AddressInfo; // it listens on a port
  return {
    address: { host: address.host, port },
    async close({ drainMs, timeoutMs }) {
      isEnding = true;
      const endsAtMs = performance.now() + timeoutMs;
      const startedAtMs = performance.now();
      const isDrained = (): boolean => {
        const nowMs = performance.now();
        const quietMs = nowMs - Math.max(quietSinceMs, startedAtMs);
        return nowMs - startedAtMs >= drainMs || (open === 0 && quietMs >= QUIET_MS);
      };
      while (!isDrained()) await new Promise((resolve) => setTimeout(resolve, SWEEP_MS));
      const closed = once(server, "close");
      const closedAtMs = performance.now();
      server.close();
      // A connection whose response ends after this moment would be kept alive.
      const sweeper = setInterval(() => {
        server.closeIdleConnections();
        const nowMs = performance.now();
        if (nowMs > closedAtMs + UNUSED_MS) {
          for (const socket of unused) if (socket.bytesRead === 0) socket.destroy();
        }
        if (nowMs > endsAtMs) server.closeAllConnections();
      }, SWEEP_MS);
      await closed;
      clearInterval(sweeper);
    },
  };
}

/** Whether a body has a transfer coding besides `chunked`. The relay decodes none. */
function hasOtherCoding({ headers }: IncomingMessage): boolean {
  const coding = headers["transfer-encoding"];
  return coding !== undefined && coding.trim().toLowerCase() !== "chunked";
}

/** Whether a request that is passed on could mean something else there. */
function isAmbiguous(incoming: IncomingMessage): boolean {
  return hasOtherCoding(incoming) || incoming.headers.upgrade !== undefined;
}

function hasSeveralHosts({ rawHeaders }: IncomingMessage): boolean {
  return rawHeaders.filter((it, i) => i % 2 === 0 && it.toLowerCase() === "host").length > 1;
}

/** Ends the connection of a request whose body takes too long. */
function limitBody(incoming: IncomingMessage): void {
  const { "content-length": length, "transfer-encoding": encoding } = incoming.headers;
  if (length === undefined && encoding === undefined) return;
  const timer = setTimeout(() => incoming.destroy(), REQUEST_TIMEOUT_MS).unref();
  incoming.once("end", () => clearTimeout(timer));
  incoming.once("close", () => clearTimeout(timer));
}

const BAD_REQUEST = "400 Bad Request";
const TOO_LARGE = "431 Request Header Fields Too Large";

/** Answers what is not a request that can be served. Nothing of it is repeated or logged. */
function refuse(socket: Duplex | Socket, status: string): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  socket.on("error", () => socket.destroy());
  // A caller that keeps its half open would hold the connection for good, and with it the end of the relay.
  const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once("close", () => clearTimeout(timer));
  socket.resume();
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

async function listen(
  server: Server,
  option: string,
  { host, port }: ListenAddress,
): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException; // that of the system
    throw new OptionError(
      option,
      `cannot listen on ${host}, port ${port}: ${REASONS.get(code) ?? code}`,
    );
  }
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ["EADDRINUSE", "the port is in use"],
  ["EADDRNOTAVAIL", "it is not an address of this machine"],
  ["EACCES", "this user may not use the port"],
  ["ENOTFOUND", "the host is unknown"],
]);
