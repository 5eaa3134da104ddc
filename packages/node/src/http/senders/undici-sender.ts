import type { Dispatcher } from "undici";
import { type ConnectionOptions, type Connections, loadConnector } from "./connections.js";
import type { Message, Sender, StreamedResponse } from "./sender.js";

/** Sends messages by undici: over a borrowed dispatcher, or over connections that it makes when needed. */
export class UndiciSender implements Sender {
  readonly #borrowed: Dispatcher | null;
  readonly #options: ConnectionOptions;
  #own: Connections | null = null;

  constructor(borrowed: Dispatcher | null, options: ConnectionOptions) {
    this.#borrowed = borrowed;
    this.#options = options;
  }

  get made(): number {
    return this.#own?.made ?? Number.NaN;
  }

  release(): void {
    this.#own?.destroy();
    this.#own = null;
  }

  async send({ url, method = "GET", headers, body, signal }: Message): Promise<StreamedResponse> {
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
