import type { Dispatcher } from "undici";
import {
  type ConnectionOptions,
  type Connections,
  type Connector,
  loadConnector,
} from "./connections.js";
import { NodeSender } from "./node-sender.js";
import type { Message, Sender, StreamedResponse } from "./sender.js";
import { UndiciMissingError, warnOfMissingUndici } from "./undici.js";

/**
 * Sends messages with undici: through the caller's dispatcher, or over connections created on
 * demand. If undici cannot be loaded, messages without proxy and dispatcher are sent with
 * `node:http`.
 */
export class UndiciSender implements Sender {
  readonly #borrowed: Dispatcher | null;
  readonly #options: ConnectionOptions;
  #own: Connections | null = null;
  /** Replaces undici if it could not be loaded. */
  #byNode: NodeSender | null = null;

  constructor(borrowed: Dispatcher | null, options: ConnectionOptions) {
    this.#borrowed = borrowed;
    this.#options = options;
  }

  get made(): number {
    return this.#byNode?.made ?? this.#own?.made ?? Number.NaN;
  }

  release(): void {
    this.#byNode?.release();
    this.#own?.destroy();
    this.#own = null;
  }

  async send(message: Message): Promise<StreamedResponse> {
    const { url, method = "GET", headers, body, signal } = message;
    // Deferred, because a client that is closed in the turn that created it does not need undici.
    await Promise.resolve();
    signal.throwIfAborted();
    const connector = await this.#load();
    signal.throwIfAborted();
    if (connector === null) {
      this.#byNode ??= new NodeSender(this.#options);
      return this.#byNode.send(message);
    }
    const { request, createConnections } = connector;
    return request.call(this.#borrowed ?? this.#ownDispatcher(createConnections), {
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: method as Dispatcher.HttpMethod, // undici checks it
      headers: { ...headers },
      body: body ?? null,
      signal,
      // undici's own time-outs fire late (300 ms fired after 1 s) or restart with each byte.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /**
   * Returns `null` if undici cannot be loaded.
   *
   * @throws UndiciMissingError if an option requires undici.
   */
  async #load(): Promise<Connector | null> {
    try {
      return await loadConnector(this.#options);
    } catch (cause) {
      if (this.#borrowed !== null) throw new UndiciMissingError("dispatcher", cause);
      if (this.#options.proxy !== null) throw new UndiciMissingError("proxy", cause);
      warnOfMissingUndici(cause);
      return null;
    }
  }

  #ownDispatcher(createConnections: () => Connections): Dispatcher {
    this.#own ??= createConnections();
    return this.#own.dispatcher;
  }
}
