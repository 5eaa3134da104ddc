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

/** A message, and how much may come back. */
export interface BoundedMessage extends Message {
  /** Bound of the response's body, on the wire and decompressed. 0: it is not waited for. */
  readonly maxBodyBytes: number;
}

/** A connection that is cut after less has another reason than its idleness. */
const IDLE_SECONDS = 1;

/** Sends messages and reads the responses. */
export class Exchange {
  readonly #sender: Sender;
  readonly #asked: Asked;
  #inFlight = 0;
  /** Whether a request was aborted, so that connections may be left that are never established. */
  #hasAborted = false;
  /** Uptime, in seconds, when the last response without an error began; later than any time before the first, after a failure and after a release. */
  #answeredAt = Number.POSITIVE_INFINITY;

  #releases = 0;

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
    this.#answeredAt = Number.POSITIVE_INFINITY;
    this.#releases += 1;
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
      // The reason of the abort explains it; otherwise the answer broke off, or was damaged.
      if (message.signal.aborted) throw cause;
      throw transportError(cause, message.url, { ...this.#asked, hasBegun: true });
    } finally {
      discardBody(response.body);
    }
  }

  /**
   * Sends a message. A server may close an idle connection in the moment in which it is used again, so a GET that finds it
   * closed is sent once more, at once, if it is for a configuration: for others their callers decide.
   */
  async #send(message: BoundedMessage): Promise<StreamedResponse> {
    // The first use of `performance` loads modules for 0.7 ms.
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
