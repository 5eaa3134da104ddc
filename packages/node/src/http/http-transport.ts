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

/** One request. */
export interface HttpRequest {
  /** Absolute URL. It may contain a key in its query, so no message includes it. */
  readonly url: URL;
  /** In capitals; `GET` unless given. A method other than `GET` and `HEAD` is not redirected by 301, 302 or 303. */
  readonly method?: string | undefined;
  /** Names in lower case. A `content-type` is the caller's to give. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body; a string is sent as UTF-8. */
  readonly body?: string | Uint8Array | undefined;
  /** Bound of the response's body, on the wire and decompressed. 0: it is not waited for, and comes back empty. */
  readonly maxBodyBytes: number;
  /** Ends the request in whatever phase it is; see `withAbortDeadline`. */
  readonly signal: AbortSignal;
}

/** How requests are sent. */
export interface HttpTransportOptions extends RouteOptions {
  /** Connections per server: 1 unless given, so that one request waits for another. `null`: no limit. */
  readonly connections?: number | null | undefined;
  /** How sockets are made and used. Not together with `dispatcher`. */
  readonly sockets?: SocketOptions | undefined;
  /** Asked with each request whether it is sent by other means than the connections. */
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
 * Sends requests over connections that are kept alive for a few seconds: one per server, or as many as
 * `connections` allows. undici is imported with the first request, and the agent is made then. A
 * request does not hold the process; the timer of its caller does.
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
   * @param addressOption - the option of yours that has the server's address, for messages.
   * @throws OptionError for an unknown option, a bad value, or `proxy` together with `dispatcher`.
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
   * @throws NetworkError if the server cannot be reached or the connection breaks; ProtocolError for
   * a refused redirect, an unknown encoding or too large a body; the signal's reason when aborted.
   */
  request(request: HttpRequest): Promise<HttpResponse> {
    return this.#exchange.request(request);
  }

  /** Destroys our own connections, those in use too. The next request makes new ones. */
  release(): void {
    this.#exchange.release();
  }
}
