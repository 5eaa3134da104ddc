import { ProtocolError } from "@sortition/core";
import type { Dispatcher } from "undici";
import { discardBody } from "./body.js";
import { type ConnectionOptions, type Connections, loadConnector } from "./connections.js";
import { redirectTarget } from "./redirect.js";

/** What is sent, to a server and those that it redirects to. */
export interface Message {
  readonly url: URL;
  /** `GET` unless given. */
  readonly method?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
  readonly signal: AbortSignal;
}

/** Redirects that one request may take. */
const MAX_REDIRECTS = 3;

/** Sends messages over a borrowed dispatcher or over connections of its own, which it makes when needed. */
export class Sender {
  readonly #borrowed: Dispatcher | null;
  readonly #options: ConnectionOptions;
  #own: Connections | null = null;

  constructor(borrowed: Dispatcher | null, options: ConnectionOptions) {
    this.#borrowed = borrowed;
    this.#options = options;
  }

  /** Destroys our own connections, those in use too. The next message makes new ones. */
  release(): void {
    this.#own?.destroy();
    this.#own = null;
  }

  /**
   * Sends a message and follows redirects.
   *
   * @returns the last response; its body is the caller's to read or discard.
   * @throws ProtocolError for a refused redirect; whatever undici throws otherwise.
   */
  async send(message: Message): Promise<Dispatcher.ResponseData> {
    let { url } = message;
    for (let redirects = 0; ; redirects++) {
      const response = await this.#sendOnce(url, message);
      let isLast = false;
      try {
        const target = redirectTarget(url, response, redirects < MAX_REDIRECTS);
        isLast = target === null;
        if (target === null) return response;
        if (!keepsMethod(response.statusCode, message.method)) {
          throw new ProtocolError("redirected in a way that changes the method");
        }
        url = target;
      } finally {
        if (!isLast) discardBody(response.body);
      }
    }
  }

  async #sendOnce(
    url: URL,
    { method = "GET", headers, body, signal }: Message,
  ): Promise<Dispatcher.ResponseData> {
    // Not in the same turn: a client that is closed where it was made needs no undici.
    await Promise.resolve();
    signal.throwIfAborted();
    const { request, createConnections } = await loadConnector(this.#options);
    signal.throwIfAborted();
    return request.call(this.#borrowed ?? this.#ownDispatcher(createConnections), {
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: method as Dispatcher.HttpMethod, // undici checks it
      headers: { ...headers },
      body: body ?? null,
      signal,
      // undici's own time-outs come late (300 ms fired after 1 s) or are renewed by each byte.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  #ownDispatcher(createConnections: () => Connections): Dispatcher {
    this.#own ??= createConnections();
    return this.#own.dispatcher;
  }
}

/** Browsers send a GET without a body instead of a POST after 301, 302 and 303. */
function keepsMethod(status: number, method = "GET"): boolean {
  return status === 307 || status === 308 || method === "GET" || method === "HEAD";
}
