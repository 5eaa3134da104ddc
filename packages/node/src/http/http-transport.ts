import type { Agent, Dispatcher } from "undici";
import { discardBody, readBody } from "./body.js";
import { type Connections, createConnections } from "./connections.js";
import { transportError } from "./failure.js";
import { redirectTarget } from "./redirect.js";

/** One request; it is always a GET. */
export interface HttpRequest {
  /** Absolute URL. It may carry a key in its query, so no message shows it. */
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bound of the body, on the wire and unpacked. */
  readonly maxBodyBytes: number;
  /** Ends the request in whatever phase it is; see `withDeadline`. */
  readonly signal: AbortSignal;
}

/** The answer to a request, redirects followed. */
export interface HttpResponse {
  readonly status: number;
  /** The first header of that name (in lower case), `null` without one. */
  header(name: string): string | null;
  /** The whole body of a 2xx answer, unpacked; empty for other answers, whose text nobody reads. */
  readonly body: Uint8Array;
}

/** How requests are sent. */
export interface HttpTransportOptions {
  /** An undici dispatcher (proxy, mTLS) to use instead of our own agent. Borrowed: never destroyed. */
  readonly dispatcher?: Dispatcher | undefined;
}

/** Redirects that one request may take. */
const MAX_REDIRECTS = 3;

/**
 * Sends requests over at most one connection per server, kept alive for a few seconds. undici is
 * imported with the first request, and the agent is made then. A request does not hold the process:
 * who waits for it does.
 */
export class HttpTransport {
  readonly #borrowed: Dispatcher | null;
  #own: Connections | null = null;

  constructor(options: HttpTransportOptions = {}) {
    this.#borrowed = options.dispatcher ?? null;
  }

  /**
   * Sends one request and reads the answer.
   *
   * @throws NetworkError if the server cannot be reached or the connection breaks; ProtocolError for
   * a refused redirect, an unknown encoding or too large a body; the signal's reason when aborted.
   */
  async request(request: HttpRequest): Promise<HttpResponse> {
    // undici lets go of a request that waits for its connection only when the connection is there
    // or failed, and the socket that connects holds the process: so the connection has to go too.
    const onAbort = (): void => this.release();
    request.signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await this.#follow(request);
    } catch (cause) {
      throw transportError(cause);
    } finally {
      request.signal.removeEventListener("abort", onAbort);
    }
  }

  /** Destroys our own connections, those in use too. The next request makes new ones. */
  release(): void {
    this.#own?.destroy();
    this.#own = null;
  }

  async #follow(request: HttpRequest): Promise<HttpResponse> {
    let url = request.url;
    for (let redirects = 0; ; redirects++) {
      const response = await this.#send(url, request);
      try {
        const target = redirectTarget(url, response, redirects < MAX_REDIRECTS);
        if (target === null) return await toHttpResponse(response, request.maxBodyBytes);
        url = target;
      } finally {
        discardBody(response.body);
      }
    }
  }

  async #send(url: URL, { headers, signal }: HttpRequest): Promise<Dispatcher.ResponseData> {
    // Not in the same turn: a client that is closed where it was made needs no undici.
    await Promise.resolve();
    signal.throwIfAborted();
    const undici = await import("undici");
    signal.throwIfAborted();
    const dispatcher = this.#borrowed ?? this.#ownAgent(undici);
    return undici.request(url, {
      dispatcher,
      headers: { ...headers },
      signal,
      // undici's own time-outs come late (300 ms fired after 1 s) or are renewed by each byte.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  #ownAgent(undici: typeof import("undici")): Agent {
    this.#own ??= createConnections(undici);
    return this.#own.agent;
  }
}

async function toHttpResponse(
  response: Dispatcher.ResponseData,
  maxBodyBytes: number,
): Promise<HttpResponse> {
  const { statusCode: status, headers } = response;
  const isSuccess = status >= 200 && status < 300;
  const body = isSuccess ? await readBody(response, maxBodyBytes) : new Uint8Array();
  return {
    status,
    header(name) {
      const value = headers[name];
      return (Array.isArray(value) ? value[0] : value) ?? null;
    },
    body,
  };
}
