import { Readable } from "node:stream";
import {
  type Connections,
  loadConnector,
  readProxy,
  type StreamedResponse,
} from "@sortition/node/internal";

/** A request that is proxied to a vendor. */
export interface VendorRequest {
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  /** Streamed to the vendor; `null` if there is none. */
  readonly body: AsyncIterable<Buffer> | null;
  readonly signal: AbortSignal;
}

/** Connections to a vendor's server, through the proxy of its source. They are created by the first request. */
export class VendorConnections {
  readonly #proxy: string | undefined;
  readonly #most: number;
  #own: Connections | null = null;

  /** @param most - maximum number of connections. */
  constructor(proxy: string | undefined, most: number) {
    this.#proxy = proxy;
    this.#most = most;
  }

  /** Sends a request. Does not follow redirects, decode bodies, or reject error statuses. */
  async send({ body, url, ...request }: VendorRequest): Promise<StreamedResponse> {
    const proxy = readProxy("proxy", this.#proxy);
    const connector = await loadConnector({ connections: this.#most, proxy, sockets: {} });
    request.signal.throwIfAborted();
    this.#own ??= connector.createConnections();
    const { origin, pathname, search } = new URL(url);
    return connector.request.call(this.#own.dispatcher, {
      ...request,
      origin,
      path: `${pathname}${search}`,
      body: body === null ? null : Readable.from(body, { objectMode: false }),
      // The signal aborts slow requests.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /** Closes all connections and aborts their requests. */
  close(): void {
    this.#own?.destroy();
  }
}
