import type { IncomingMessage } from "node:http";
import type { Clock } from "@sortition/core";
import { BODIES_FULL, BODY_MEMORY } from "./body-memory.js";
import type { Exchange } from "./exchange.js";

/** Maximum body size of a proxied request. */
export const MAX_BODY_BYTES: number = 20 * 1_024 * 1_024;
const IDLE_MS = 10_000;
const TOTAL_MS = 60_000;

/** Limits a proxied request: its size, pauses to 10 s, and its duration to a minute. Aborts it if the client disconnects. */
export class RequestLimits {
  readonly #controller = new AbortController();
  readonly #exchange: Exchange;
  readonly #clock: Clock;
  readonly #cancelTotal: () => void;
  #cancelIdle: () => void;
  #heldBytes = 0;
  #hasEnded = false;
  #failure: readonly [status: number, message: string] = [502, "the vendor did not respond"];

  constructor(exchange: Exchange, clock: Clock) {
    this.#exchange = exchange;
    this.#clock = clock;
    this.#cancelTotal = this.#abortIn(TOTAL_MS);
    this.#cancelIdle = this.#abortIn(IDLE_MS);
    exchange.outgoing.once("close", this.#left);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get failure(): readonly [status: number, message: string] {
    return this.#failure;
  }

  isAlive(): void {
    this.#cancelIdle();
    this.#cancelIdle = this.#abortIn(IDLE_MS);
  }

  abort(failure: readonly [status: number, message: string] = this.#failure): void {
    if (this.signal.aborted) return;
    this.#failure = failure;
    this.#controller.abort();
  }

  /** Counts bytes of the body that are kept until {@link end}. Aborts the request and throws if there is no memory. */
  hold(bytes: number): void {
    if (this.#hasEnded || !BODY_MEMORY.hold(bytes)) {
      this.abort([503, BODIES_FULL]);
      throw new Error(BODIES_FULL);
    }
    this.#heldBytes += bytes;
  }

  /** Yields the chunks of a body, up to the size limit. */
  async *counted(body: IncomingMessage): AsyncGenerator<Buffer> {
    let size = 0;
    // Leaving the loop must not destroy the caller's connection, which still needs a response.
    for await (const chunk of body.iterator({ destroyOnReturn: false })) {
      this.isAlive();
      size += chunk.length;
      if (size > MAX_BODY_BYTES) {
        this.abort([413, "the body is too large"]);
        throw new Error("too large");
      }
      this.hold(chunk.length);
      yield chunk;
      this.#release(chunk.length);
    }
  }

  end(): void {
    this.#cancelTotal();
    this.#cancelIdle();
    this.#exchange.outgoing.off("close", this.#left);
    this.#release(this.#heldBytes);
    this.#hasEnded = true;
  }

  #release(bytes: number): void {
    if (this.#hasEnded) return;
    BODY_MEMORY.release(bytes);
    this.#heldBytes -= bytes;
  }

  #abortIn(delayMs: number): () => void {
    const late = (): void => this.abort([504, "the request took too long"]);
    return this.#clock.setTimer(late, delayMs, { holdsProcess: false });
  }

  readonly #left = (): void => {
    if (!this.#exchange.outgoing.writableFinished) this.abort();
  };
}
