import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Clock } from "@sortition/core";
import { OptionError, pause } from "@sortition/core/internal";
import type { ListenAddress } from "../config/listen.js";

const HEADERS_TIMEOUT_MS = 10_000;
/** How often Node checks connections for timeouts. With its default of 30 s, a timeout of 10 s could take 40 s. */
const CHECK_MS = 1_000;
/** Time limit for receiving a whole request, including the body. */
const REQUEST_TIMEOUT_MS = 30_000;
/** Time limit for receiving a proxied request, which may have a body of 20 MB. */
const LONG_REQUEST_TIMEOUT_MS = 60_000;
/** Longer than the idle timeout of load balancers, so that they close the connection first and never send a request on a closed one. */
const KEEP_ALIVE_MS = 75_000;
const MAX_HEADER_BYTES = 16 * 1_024;
const MAX_CONNECTIONS = 20_000;
const SWEEP_MS = 50;
/** A drain ends early after this time without requests. Before that, callers may not have noticed the shutdown. */
const QUIET_MS = 1_000;
/** During shutdown, how long an open connection may wait before it sends its first request. */
const UNUSED_MS = 500;
/** A server that ends stops listening after this time without a new connection. */
const SILENCE_MS = 200;
/** How long it waits for that. Clients that open connections all the time never give it. */
const ACCEPT_MS = 500;
const ACCEPT_SWEEP_MS = 10;
/** How long a client may take to read an error response and close its connection. */
const LINGER_MS = 1_000;

/** Handles a request. */
export type RequestListener = (incoming: IncomingMessage, outgoing: ServerResponse) => unknown;

export interface ServerOptions {
  readonly address: ListenAddress;
  /** The clock of the drain. */
  readonly clock: Clock;
  /** Name of the option that contains the address, for error messages. */
  readonly option: string;
  readonly listener: RequestListener;
  /** Whether a request may be sent for up to a minute instead of 30 s. Default: no request. */
  isLong?(incoming: IncomingMessage): boolean;
  /** Called for a connection that begins with a TLS handshake. */
  onTls?(): void;
}

/** A server with graceful shutdown. */
export interface RelayServer {
  /** The address it listens on, with the actual port. */
  readonly address: ListenAddress;
  /**
   * Serves requests with `Connection: close` for `drainMs`, or until none was received for a second. Then stops accepting
   * connections, and resolves when all responses have been sent or after `timeoutMs`.
   */
  close(limits: { readonly drainMs: number; readonly timeoutMs: number }): Promise<void>;
}

/**
 * Starts a server with the limits of a relay.
 *
 * Rejects with an OptionError if the address is in use or does not belong to this machine.
 */
export async function startServer({
  address,
  clock,
  isLong = () => false,
  listener,
  onTls,
  option,
}: ServerOptions): Promise<RelayServer> {
  let isEnding = false;
  /** Number of requests whose response has not ended. */
  let open = 0;
  let quietSinceMs = clock.monotonicMs();
  /** Connections that have not sent a request yet. Clients open some in advance. */
  const unused = new Set<Socket>();
  let acceptedAtMs = performance.now();
  /** Requests that wait until the server stops listening; `null` before that phase of a shutdown. */
  let held: (() => unknown)[] | null = null;
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
        quietSinceMs = clock.monotonicMs();
      });
      if (hasSeveralHosts(incoming)) {
        refuse(incoming.socket, BAD_REQUEST);
        return;
      }
      // After a request with `Upgrade`, Node reads no further request from the connection.
      const isLast = isEnding || incoming.headers.upgrade !== undefined;
      if (isLast) outgoing.setHeader("connection", "close");
      if (isLong(incoming) ? isAmbiguous(incoming) : hasOtherCoding(incoming)) {
        refuse(incoming.socket, BAD_REQUEST);
        return;
      }
      if (!isLong(incoming)) limitBody(incoming);
      if (held === null) return listener(incoming, outgoing);
      return held.push(() => listener(incoming, outgoing));
    },
  );
  server.maxConnections = MAX_CONNECTIONS;
  server.on("connection", (socket) => {
    acceptedAtMs = performance.now();
    unused.add(socket);
    socket.once("close", () => unused.delete(socket));
  });
  server.on("clientError", (error: ParseError, socket) => {
    if (error.rawPacket?.[0] === TLS_HANDSHAKE) onTls?.();
    refuse(socket, error.code === "HPE_HEADER_OVERFLOW" ? TOO_LARGE : BAD_REQUEST);
  });
  // Without an `upgrade` listener, Node responds in HTTP/1.1. Clients that offer HTTP/2, such as Java's by default, expect that.
  server.on("connect", (_, socket) => refuse(socket, BAD_REQUEST));
  await listen(server, option, address);
  const { port } = server.address() as AddressInfo; // a TCP server has an AddressInfo
  return {
    address: { host: address.host, port },
    async close({ drainMs, timeoutMs }) {
      isEnding = true;
      const endsAtMs = performance.now() + timeoutMs;
      const startedAtMs = clock.monotonicMs();
      const isDrained = (): boolean => {
        const nowMs = clock.monotonicMs();
        const quietMs = nowMs - Math.max(quietSinceMs, startedAtMs);
        return nowMs - startedAtMs >= drainMs || (open === 0 && quietMs >= QUIET_MS);
      };
      while (!isDrained()) await pause(clock, SWEEP_MS, { holdsProcess: true });
      // Closing the server resets the connections that wait in the system's queue. So requests are held until nobody connects:
      // a client that gets no response opens no further connection.
      const waiting: (() => unknown)[] = [];
      held = waiting;
      const heldAtMs = performance.now();
      const isSilent = (): boolean => {
        const nowMs = performance.now();
        const isLate = nowMs - heldAtMs >= ACCEPT_MS;
        return isLate || (open === waiting.length && nowMs - acceptedAtMs >= SILENCE_MS);
      };
      do await new Promise((resolve) => setTimeout(resolve, ACCEPT_SWEEP_MS));
      while (!isSilent());
      const closed = once(server, "close");
      const closedAtMs = performance.now();
      server.close();
      held = null;
      for (const serve of waiting) serve();
      // Connections whose response ends later would otherwise be kept alive.
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

/** Whether the body has a transfer coding other than `chunked`, which the relay cannot decode. */
function hasOtherCoding({ headers }: IncomingMessage): boolean {
  const coding = headers["transfer-encoding"];
  return coding !== undefined && coding.trim().toLowerCase() !== "chunked";
}

/** Whether the upstream server could interpret a proxied request differently (request smuggling). */
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

/** First byte of a TLS connection. */
const TLS_HANDSHAKE = 0x16;

/** An error of Node's parser, which has the bytes that it cannot parse. */
type ParseError = NodeJS.ErrnoException & { readonly rawPacket?: Uint8Array };

const BAD_REQUEST = "400 Bad Request";
const TOO_LARGE = "431 Request Header Fields Too Large";

/** Rejects an invalid request. The response and the log contain nothing from it. */
function refuse(socket: Duplex | Socket, status: string): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  socket.on("error", () => socket.destroy());
  // A client that never closes its side would keep the connection open and delay the shutdown.
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
    const { code = "" } = error as NodeJS.ErrnoException; // a system code
    throw new OptionError(
      option,
      `cannot listen on ${host}, port ${port}: ${REASONS.get(code) ?? code}`,
    );
  }
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ["EADDRINUSE", "the port is in use: stop the other process, or choose another port"],
  ["EADDRNOTAVAIL", "it is not an address of this machine"],
  ["EACCES", "this user may not use the port"],
  ["ENOTFOUND", "the host is unknown"],
]);
