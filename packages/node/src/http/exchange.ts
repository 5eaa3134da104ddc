import { discardBody, drainBody, readBody } from "./body.js";
import { transportError } from "./failure.js";
import type { Asked } from "./network-message.js";
import { firstHeader, type Message, type Sender, sendFollowing } from "./senders/sender.js";

/** A message, and how much may come back. */
export interface BoundedMessage extends Message {
  /** Bound of the response's body, on the wire and decompressed. 0: it is not waited for. */
  readonly maxBodyBytes: number;
}

/** The response to a request, redirects followed. */
export interface HttpResponse {
  readonly status: number;
  /** The first header of that name (in lower case), `null` without one. */
  header(name: string): string | null;
  /** The whole body of a 2xx response, decompressed; empty for other responses, whose body is not read. */
  readonly body: Uint8Array;
}

/** Sends messages and reads the responses. */
export class Exchange {
  readonly #sender: Sender;
  readonly #asked: Asked;
  #inFlight = 0;
  /** Whether a request was aborted, so that connections may be left that are never established. */
  #hasAborted = false;

  constructor(sender: Sender, asked: Asked) {
    this.#sender = sender;
    this.#asked = asked;
  }

  /** See `HttpTransport.request`. */
  async request(message: BoundedMessage): Promise<HttpResponse> {
    const { signal } = message;
    const onAbort = (): void => {
      this.#hasAborted = true;
      if (this.#inFlight === 1) this.#end();
    };
    signal.addEventListener("abort", onAbort, { once: true });
    this.#inFlight += 1;
    try {
      return await this.#exchange(message);
    } catch (cause) {
      throw transportError(cause, message.url, this.#asked);
    } finally {
      signal.removeEventListener("abort", onAbort);
      this.#inFlight -= 1;
      if (this.#inFlight === 0 && this.#hasAborted) this.#end();
    }
  }

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

  async #exchange(message: BoundedMessage): Promise<HttpResponse> {
    const response = await sendFollowing(this.#sender, message);
    const { statusCode: status } = response;
    const header = (name: string): string | null => firstHeader(response, name);
    if (status < 200 || status >= 300 || message.maxBodyBytes === 0) {
      drainBody(response.body);
      return { status, header, body: new Uint8Array() };
    }
    try {
      return { status, header, body: await readBody(response, message.maxBodyBytes) };
    } catch (cause) {
      // Who ends a request says why; else the answer broke off, or was damaged.
      if (message.signal.aborted) throw cause;
      throw transportError(cause, message.url, { ...this.#asked, hasBegun: true });
    } finally {
      discardBody(response.body);
    }
  }
}
