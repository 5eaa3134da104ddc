import type { Socket } from "node:net";
import { CUT_OFF } from "@sortition/core/internal";
import type { buildConnector, Dispatcher } from "undici";
import { isExemptAddress, noProxyOf } from "../no-proxy.js";
import { environmentProxies, type ProxyAddress } from "../proxy.js";
import { systemCodeOf } from "../system-code.js";
import { loadUndici, type Undici } from "./undici.js";

/** How sockets are created and used. All options are optional. */
export interface SocketOptions {
  /** Whether a connection is used for several requests. Default: true. */
  readonly isReused?: boolean | undefined;
  /** Whether idle connections are probed with TCP keep-alive. Default: true. */
  readonly keepAlive?: boolean | undefined;
  /** Time until the first probe, in ms. Default: 60,000. */
  readonly keepAliveInitialDelayMs?: number | undefined;
  /** Whether small packets are sent immediately. Default: true. */
  readonly noDelay?: boolean | undefined;
  /** IP version: 4, 6, or 0 for both. Default: 0. */
  readonly family?: 0 | 4 | 6 | undefined;
  /** Local address to connect from. */
  readonly localAddress?: string | undefined;
}

export interface ConnectionOptions {
  /** Connections per server, or `null` for as many as there are requests. */
  readonly connections: number | null;
  readonly proxy: ProxyAddress | null;
  readonly sockets: SocketOptions;
}

/** A dispatcher of this package, and how to end it. */
export interface Connections {
  readonly dispatcher: Dispatcher;
  /** Number of sockets created. */
  readonly made: number;
  /** Ends all connections in the same turn, even those in use or still being established. */
  destroy(): void;
}

/** What a sender uses of undici. */
export interface Connector {
  readonly request: Undici["request"];
  createConnections(): Connections;
}

/** Loads undici. Rejects if it cannot be loaded. */
export async function loadConnector(options: ConnectionOptions): Promise<Connector> {
  const { proxy } = options;
  const undici = await loadUndici();
  return {
    request: undici.request,
    createConnections: () =>
      proxy === null
        ? directConnections(undici, options)
        : proxiedConnections(undici, proxy, options),
  };
}

/**
 * Connect time-out for a connection that no request waits for any more, while others keep the
 * dispatcher alive.
 */
const LATEST_CONNECT_MS = 30_000;

/**
 * Uses no connect time-out for a single connection, because the request's deadline covers
 * connecting, tunnels and TLS, and a request that gives up takes its connection with it.
 */
function connectorOptions({
  connections,
  sockets,
}: ConnectionOptions): buildConnector.BuildOptions {
  const { isReused: _, keepAliveInitialDelayMs: keepAliveInitialDelay, ...others } = sockets;
  const given = Object.entries({ ...others, keepAliveInitialDelay });
  const known = given.filter(([, value]) => value !== undefined);
  return {
    ...Object.fromEntries(known),
    timeout: connections === 1 ? 0 : LATEST_CONNECT_MS,
  };
}

/** Without pipelining, not even of one request, undici closes a connection after its response. */
function pipeliningOf({ sockets }: ConnectionOptions): { readonly pipelining?: 0 } {
  return sockets.isReused === false ? { pipelining: 0 } : {};
}

function directConnections(undici: Undici, options: ConnectionOptions): Connections {
  const { connections } = options;
  const sockets = new SocketRegistry();
  const connect = sockets.watch(undici.buildConnector(connectorOptions(options)));
  return endable(new undici.Agent({ connections, connect, ...pipeliningOf(options) }), sockets);
}

function proxiedConnections(
  undici: Undici,
  proxy: ProxyAddress,
  connectionOptions: ConnectionOptions,
): Connections {
  const { connections } = connectionOptions;
  const sockets = new SocketRegistry();
  const tls = connectorOptions(connectionOptions);
  // undici's proxies pass a connector for each kind of connection: to the server, to the proxy and
  // in a tunnel.
  const factory = (origin: string | URL, options: object): Dispatcher => {
    const { connect } = options as { readonly connect: buildConnector.connector }; // guaranteed by undici
    return new undici.Pool(origin, { ...options, connect: sockets.watch(connect) });
  };
  const options = {
    connections,
    factory,
    clientFactory: (origin: string | URL, options: object) =>
      failingOnClose(factory(origin, options)),
    proxyTls: tls,
    requestTls: tls,
    ...pipeliningOf(connectionOptions),
  };
  const connect = undici.buildConnector(tls);
  if (proxy === "environment") {
    const { agents, dispatcher } = environmentAgents(undici, { ...options, connect });
    return endable(dispatcher, sockets, agents);
  }
  return endable(new undici.ProxyAgent({ ...options, uri: proxy.href }), sockets);
}

/**
 * Makes an attempt fail if the proxy closes its connection at CONNECT. On undici's own error, undici
 * would open the next connection, hundreds of times a second until the request's deadline.
 */
function failingOnClose(proxy: Dispatcher): Dispatcher {
  const connect = proxy.connect.bind(proxy);
  const connectOnce = (options: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData> =>
    connect(options).catch((cause: unknown) => {
      const isNotHttp = cause instanceof Error && cause.name === "HTTPParserError";
      if (!isNotHttp && !CUT_OFF.test(systemCodeOf(cause) ?? "")) throw cause;
      const reason = isNotHttp ? "does not speak HTTP" : "closed at CONNECT";
      throw new Error(`Proxy response (${reason})`, { cause }); // undici's words for a refusal
    });
  // `ProxyAgent` only calls the variant that returns a promise.
  proxy.connect = connectOnce as typeof proxy.connect;
  return proxy;
}

/** undici matches the names in `NO_PROXY`; addresses and networks are matched here. */
function environmentAgents(
  undici: Pick<Undici, "Agent" | "EnvHttpProxyAgent">,
  options: ConstructorParameters<Undici["EnvHttpProxyAgent"]>[0] & object,
): { readonly dispatcher: Dispatcher; readonly agents: readonly Dispatcher[] } {
  const agent = new undici.EnvHttpProxyAgent({ ...options, ...environmentProxies(process.env) });
  const direct = new undici.Agent(options);
  const dispatcher = agent.compose((dispatch) => (request, handler) => {
    const { origin } = request;
    const isExempt =
      origin !== undefined && isExemptAddress(new URL(origin), noProxyOf(process.env));
    return isExempt ? direct.dispatch(request, handler) : dispatch(request, handler);
  });
  return { dispatcher, agents: [agent, direct] };
}

/**
 * Combines a dispatcher with a way to end its agents and sockets.
 *
 * @param agents - the agents that the dispatcher uses.
 */
function endable(
  dispatcher: Dispatcher,
  sockets: SocketRegistry,
  agents: readonly Dispatcher[] = [dispatcher],
): Connections {
  return {
    dispatcher,
    get made() {
      return sockets.made;
    },
    destroy() {
      // The callers have given up their requests, so the outcome of `destroy` does not matter.
      for (const agent of agents) agent.destroy().catch(() => {});
      sockets.destroy();
    },
  };
}

/**
 * Tracks the sockets of a dispatcher, because undici does not end sockets that are still
 * connecting. The sockets do not keep the process alive; the deadline timer of a waiting caller
 * does.
 */
class SocketRegistry {
  readonly #sockets = new Set<Socket>();
  made = 0;

  /** Registers the sockets that a connector creates. */
  watch(connect: buildConnector.connector): buildConnector.connector {
    return (options, callback) => {
      // undici's own connectors return the socket immediately, although their types do not say so.
      // Connectors of proxies return a promise and pass the socket to the callback. (A signal in
      // the options would end a socket too, but each socket leaves a listener on it.)
      const result: unknown = connect(options, (...outcome) => {
        this.#add(outcome[1]);
        callback(...outcome);
      });
      this.#add(result);
    };
  }

  destroy(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #add(socket: unknown): void {
    if (!isSocket(socket) || this.#sockets.has(socket)) return;
    this.made += 1;
    socket.unref();
    socket.ref = () => socket; // undici calls `ref` for each request, which would keep the process alive
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
  }
}

function isSocket(value: unknown): value is Socket {
  return typeof value === "object" && value !== null && "unref" in value;
}
