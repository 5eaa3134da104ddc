import { CUT_OFF, type HttpResponse } from "@sortition/core/internal";
import { discardBody, drainBody, readBody } from "./body.js";
import { transportError } from "./failure.js";
import type { Asked } from "./network-message.js";
import {
  firstHeader,
  type Message,
  type Sender,
  type StreamedResponse,
  sendFollowing,
} from "./senders/sender.js";
import { systemCodeOf } from "./system-code.js";

/** An HTTP request. */
export interface HttpRequest extends Message {
  /**
   * Maximum size of the response body, on the wire and decompressed. 0: the body is not awaited,
   * and is returned empty.
   */
  readonly maxBodyBytes: number;
}

/** If a connection is cut after a shorter time, idleness is not the reason. */
const IDLE_SECONDS = 1;

/** Sends messages and reads the responses. */
export class Exchange {
  readonly #sender: Sender;
  readonly #asked: Asked;
  #inFlight = 0;
  /** Whether a request was aborted, which may leave connections that are never established. */
  #hasAborted = false;
  /**
   * Uptime in seconds at the start of the last response without an error. Infinite before the first
   * response, after a failure and after a release.
   */
  #answeredAt = Number.POSITIVE_INFINITY;

  #releases = 0;

  constructor(sender: Sender, asked: Asked) {
    this.#sender = sender;
    this.#asked = asked;
  }

  /** See `HttpTransport.request`. */
  async request(message: HttpRequest): Promise<HttpResponse> {
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
    this.#answeredAt = Number.POSITIVE_INFINITY;
    this.#releases += 1;
    this.#sender.release();
  }

  /**
   * undici only drops a request that waits for its connection when that connection is established
   * or has failed. So the connection is closed too, as soon as no other request needs it.
   */
  #end(): void {
    this.#hasAborted = false;
    this.release();
  }

  async #exchange(message: HttpRequest): Promise<HttpResponse> {
    const response = await this.#send(message);
    const { statusCode: status } = response;
    const header = (name: string): string | null => firstHeader(response, name);
    if (status < 200 || status >= 300 || message.maxBodyBytes === 0) {
      drainBody(response.body);
      return { status, header, body: new Uint8Array() };
    }
    try {
      return { status, header, body: await readBody(response, message.maxBodyBytes) };
    } catch (cause) {
      // The reason of the abort explains the error. Without an abort, the response was cut off or
      // damaged.
      if (message.signal.aborted) throw cause;
      throw transportError(cause, message.url, { ...this.#asked, hasBegun: true });
    } finally {
      discardBody(response.body);
    }
  }

  /**
   * Sends a message. A server may close an idle connection at the moment it is reused. A GET for a
   * configuration that finds its connection closed is repeated once, immediately. For other
   * requests the caller decides.
   */
  async #send(message: HttpRequest): Promise<StreamedResponse> {
    // Not `performance.now()`, because the first use of `performance` loads modules for 0.7 ms.
    const wasIdle = process.uptime() - this.#answeredAt >= IDLE_SECONDS;
    const releases = this.#releases;
    const { made } = this.#sender;
    const answer = await sendFollowing(this.#sender, message).catch((cause) => {
      const isReused = this.#sender.made === made && this.#releases === releases;
      this.#answeredAt = Number.POSITIVE_INFINITY;
      const { method = "GET", signal } = message;
      const isPoll = this.#asked.what === "configuration" && method === "GET";
      const mayRepeat = isPoll && isReused && wasIdle && !signal.aborted;
      if (!mayRepeat || !CUT_OFF.test(systemCodeOf(cause) ?? "")) throw cause;
      return sendFollowing(this.#sender, message);
    });
    if (answer.statusCode < 400) this.#answeredAt = process.uptime();
    return answer;
  }
}
