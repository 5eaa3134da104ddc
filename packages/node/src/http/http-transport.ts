import {
  booleanOption,
  type HttpResponse,
  integerOption,
  MAX_DELAY_MS,
  OptionError,
  rejectUnknownOptions,
} from "@sortition/core/internal";
import { Exchange } from "./exchange.js";
import { checkedRoute, type RouteOptions } from "./proxy.js";
import { proxyVariable } from "./proxy-variable.js";
import type { SocketOptions } from "./senders/connections.js";
import { type SendRequest, senderOf } from "./senders/sender.js";
import { UndiciSender } from "./senders/undici-sender.js";

/** An HTTP request. */
export interface HttpRequest {
  /** Absolute URL. Messages do not include it, because its query may contain a key. */
  readonly url: URL;
  /** Method, in capitals. Default: `GET`. Methods other than `GET` and `HEAD` are not redirected by 301, 302 or 303. */
  readonly method?: string | undefined;
  /** Headers, with names in lower case. The caller sets `content-type`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body. A string is sent as UTF-8. */
  readonly body?: string | Uint8Array | undefined;
  /**
   * Maximum size of the response body, on the wire and decompressed. 0: the body is not awaited,
   * and is returned empty.
   */
  readonly maxBodyBytes: number;
  /** Ends the request in any phase; see `withAbortDeadline`. */
  readonly signal: AbortSignal;
}

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

const OPTION_NAMES: readonly (keyof HttpTransportOptions)[] = [
  "connections",
  "dispatcher",
  "proxy",
  "send",
  "sockets",
];

const SOCKET_OPTION_NAMES: readonly (keyof SocketOptions)[] = [
  "family",
  "isReused",
  "keepAlive",
  "keepAliveInitialDelayMs",
  "localAddress",
  "noDelay",
];

function checkSockets(sockets: SocketOptions): void {
  rejectUnknownOptions(sockets, SOCKET_OPTION_NAMES, "sockets");
  const { family, localAddress, keepAliveInitialDelayMs } = sockets;
  for (const name of ["isReused", "keepAlive", "noDelay"] as const) {
    booleanOption(`sockets.${name}`, sockets[name], true);
  }
  const bounds = { min: 1, max: MAX_DELAY_MS };
  integerOption("sockets.keepAliveInitialDelayMs", keepAliveInitialDelayMs, bounds, null);
  if (family !== undefined && ![0, 4, 6].includes(family)) {
    throw new OptionError("sockets.family", "expected 0, 4 or 6");
  }
  if (localAddress !== undefined && typeof localAddress !== "string") {
    throw new OptionError("sockets.localAddress", "expected an IP address");
  }
}

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
    rejectUnknownOptions(options, OPTION_NAMES);
    const { proxy, route } = checkedRoute(options);
    const { connections = 1, dispatcher = null, send, sockets = {} } = options;
    checkSockets(sockets);
    if (options.sockets !== undefined && dispatcher !== null) {
      throw new OptionError("sockets", "cannot be given together with dispatcher");
    }
    const bounds = { min: 1, max: Number.MAX_SAFE_INTEGER };
    if (connections !== null) integerOption("connections", connections, bounds, 1);
    const own = new UndiciSender(dispatcher, { connections, proxy, sockets });
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
