import { integerOption, rejectUnknownOptions } from "@sortition/core/source";
import type { Dispatcher } from "undici";
import { discardBody, readBody } from "./body.js";
import { transportError } from "./failure.js";
import { checkedProxy, type RouteOptions } from "./proxy.js";
import { type Message, Sender } from "./sender.js";

/** One request. */
export interface HttpRequest {
  /** Absolute URL. It may contain a key in its query, so no message includes it. */
  readonly url: URL;
  /** In capitals; `GET` unless given. A method other than `GET` and `HEAD` is not redirected by 301, 302 or 303. */
  readonly method?: string | undefined;
  /** Names in lower case. A `content-type` is the caller's to give. */
  readonly headers: Readonly<Record<string, string>>;
  /** What is sent: a string as UTF-8. */
  readonly body?: string | Uint8Array | undefined;
  /** Bound of the response's body, on the wire and decompressed. */
  readonly maxBodyBytes: number;
  /** Ends the request in whatever phase it is; see `withDeadline`. */
  readonly signal: AbortSignal;
}

/** The response to a request, redirects followed. */
export interface HttpResponse {
  readonly status: number;
  /** The first header of that name (in lower case), `null` without one. */
  header(name: string): string | null;
  /** The whole body of a 2xx response, decompressed; empty for other responses, whose body is not read. */
  readonly body: Uint8Array;
}

/** How requests are sent. */
export interface HttpTransportOptions extends RouteOptions {
  /** Connections per server: 1 unless given, so that one request waits for another. `null`: no limit. */
  readonly connections?: number | null | undefined;
}

/** Names of all options of an {@link HttpTransport}. */
const OPTION_NAMES: readonly (keyof HttpTransportOptions)[] = [
  "connections",
  "dispatcher",
  "proxy",
];

/**
 * Sends requests over connections that are kept alive for a few seconds: one per server, or as many as
 * `connections` allows. undici is imported with the first request, and the agent is made then. A
 * request does not hold the process: the caller who waits for it does.
 *
 * ```ts
 * const transport = new HttpTransport({ connections: null, proxy: "environment" });
 * const response = await withDeadline({ clock, timeoutMs: 5_000, signal }, (ended) =>
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
  readonly #sender: Sender;
  #inFlight = 0;
  /** Whether a request was aborted, so that connections may be left that are never established. */
  #hasAborted = false;

  /** @throws OptionError for an unknown option, a bad value, or `proxy` together with `dispatcher`. */
  constructor(options: HttpTransportOptions = {}) {
    rejectUnknownOptions(options, OPTION_NAMES);
    const proxy = checkedProxy(options);
    const { connections = 1, dispatcher = null } = options;
    const bounds = { min: 1, max: Number.MAX_SAFE_INTEGER };
    if (connections !== null) integerOption("connections", connections, bounds, 1);
    this.#sender = new Sender(dispatcher, { connections, proxy });
  }

  /**
   * Sends one request and reads the response.
   *
   * @throws NetworkError if the server cannot be reached or the connection breaks; ProtocolError for
   * a refused redirect, an unknown encoding or too large a body; the signal's reason when aborted.
   */
  async request(request: HttpRequest): Promise<HttpResponse> {
    const { signal, maxBodyBytes } = request;
    const onAbort = (): void => {
      this.#hasAborted = true;
      if (this.#inFlight === 1) this.#end();
    };
    signal.addEventListener("abort", onAbort, { once: true });
    this.#inFlight += 1;
    try {
      return await this.#exchange(request, maxBodyBytes);
    } catch (cause) {
      throw transportError(cause);
    } finally {
      signal.removeEventListener("abort", onAbort);
      this.#inFlight -= 1;
      if (this.#inFlight === 0 && this.#hasAborted) this.#end();
    }
  }

  /** Destroys our own connections, those in use too. The next request makes new ones. */
  release(): void {
    this.#sender.release();
  }

  /**
   * undici lets go of a request that waits for its connection only when the connection is established
   * or failed, so the connection has to go too: at once if no other request needs it.
   */
  #end(): void {
    this.#hasAborted = false;
    this.release();
  }

  async #exchange(message: Message, maxBodyBytes: number): Promise<HttpResponse> {
    const response = await this.#sender.send(message);
    try {
      return await toHttpResponse(response, maxBodyBytes);
    } finally {
      discardBody(response.body);
    }
  }
}

async function toHttpResponse(
  response: Dispatcher.ResponseData,
  maxBodyBytes: number,
): Promise<HttpResponse> {
  const { statusCode: status } = response;
  const isSuccess = status >= 200 && status < 300;
  const body = isSuccess ? await readBody(response, maxBodyBytes) : new Uint8Array();
  return { status, header: (name) => firstHeader(response, name), body };
}

/** The first header of that name (in lower case), `null` without one. */
export function firstHeader(
  { headers }: Pick<Dispatcher.ResponseData, "headers">,
  name: string,
): string | null {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
}
