import {
  boolean,
  callback,
  type HttpResponse,
  integer,
  MAX_DELAY_MS,
  OptionError,
  type Readers,
  readOptions,
} from "@sortition/core/internal";
import { Exchange, type HttpRequest } from "./exchange.js";
import { type RouteOptions, routeOf, routeReaders } from "./proxy.js";
import { proxyVariable } from "./proxy-variable.js";
import type { SocketOptions } from "./senders/connections.js";
import { type SendRequest, senderOf } from "./senders/sender.js";
import { UndiciSender } from "./senders/undici-sender.js";

/** Options of {@link HttpTransport}. */
export interface HttpTransportOptions extends RouteOptions {
  /**
   * Connections per server; `null` for no limit. Default: 1, so that requests wait for one another.
   */
  readonly connections?: number | null | undefined;
  /** How sockets are created and used. Cannot be combined with `dispatcher`. */
  readonly sockets?: SocketOptions | undefined;
  /** Called for each request, and may send it by other means. */
  readonly send?: SendRequest | undefined;
}

const SOCKETS = () =>
  ({
    family: (path, value) => {
      if (value === undefined || value === 0 || value === 4 || value === 6) return value;
      throw new OptionError(path, "expected 0, 4 or 6");
    },
    isReused: boolean(true),
    keepAlive: boolean(true),
    keepAliveInitialDelayMs: integer(1, MAX_DELAY_MS, undefined),
    localAddress: (path, value) => {
      if (value === undefined || typeof value === "string") return value;
      throw new OptionError(path, "expected an IP address");
    },
    noDelay: boolean(true),
  }) satisfies Readers<SocketOptions>;

const READERS = () =>
  ({
    ...routeReaders(),
    connections: (path, value) =>
      value === null ? value : integer(1, Number.MAX_SAFE_INTEGER, 1)(path, value),
    send: callback<SendRequest>(),
    sockets: (path, value = {}) => {
      readOptions(SOCKETS(), value as object, path);
      return value as SocketOptions; // undici has its own defaults
    },
  }) satisfies Readers<HttpTransportOptions>;

/**
 * Sends requests over connections that are kept alive for a few seconds: one per server, or as many
 * as `connections` allows. undici is loaded, and the agent created, with the first request. A
 * request does not keep the process alive; the timer of its caller does.
 *
 * ```ts
 * const transport = new HttpTransport({ connections: null, proxy: "environment" });
 * const response = await withAbortDeadline({ clock, timeoutMs: 5_000, signal }, (ended) =>
 *   transport.request({
 *     url: new URL("https://flags.example/evaluate"),
 *     method: "POST",
 *     headers: { "content-type": "application/json" },
 *     body: JSON.stringify({ user: "alice" }),
 *     maxBodyBytes: 1_000_000,
 *     signal: ended,
 *   }),
 * );
 * transport.release();
 * ```
 */
export class HttpTransport {
  readonly #exchange: Exchange;

  /**
   * @param addressOption - name of your option that has the server's address, for messages.
   * @throws OptionError if an option is unknown or invalid, or if `proxy` and `dispatcher` are
   * combined.
   */
  constructor(options: HttpTransportOptions = {}, addressOption: string | null = null) {
    const read = readOptions(READERS(), options);
    const { dispatcher = null, send } = read;
    const route = routeOf(read);
    if (options.sockets !== undefined && dispatcher !== null) {
      throw new OptionError("sockets", "cannot be given together with dispatcher");
    }
    const own = new UndiciSender(dispatcher, read);
    this.#exchange = new Exchange(senderOf(send, own), {
      what: "answer",
      option: addressOption,
      route,
      variableOf: proxyVariable,
    });
  }

  /**
   * Sends one request and reads the response.
   *
   * @throws NetworkError if the server cannot be reached or the connection breaks; ProtocolError
   * for a refused redirect, an unknown encoding or a body that is too large; the signal's reason if
   * it is aborted.
   */
  request(request: HttpRequest): Promise<HttpResponse> {
    return this.#exchange.request(request);
  }

  /** Destroys the transport's connections, even those in use. The next request opens new ones. */
  release(): void {
    this.#exchange.release();
  }
}
