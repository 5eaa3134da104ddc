import {
  loadError,
  messageOf,
  type OfferResult,
  type PayloadSet,
  type SourceAge,
  type SourceContext,
  type SourceSink,
} from "@sortition/core/source";
import { hasSameBytes } from "./payload-bytes.js";

/**
 * One client that follows a run of a source, from `subscribe` to `end`. A sink should never throw; one
 * that does loses that call alone, and the other clients of the source notice nothing.
 */
export class Subscriber {
  readonly #sink: SourceSink;
  readonly #context: SourceContext;
  /** Offers are made one after the other, or an older one could be applied last. Never rejects. */
  #lastOffer: Promise<unknown> = Promise.resolve();
  #hasLeft = false;

  constructor(sink: SourceSink, context: SourceContext) {
    this.#sink = sink;
    this.#context = context;
  }

  /** What the client holds, `null`: nothing, or a configuration that the caller set. */
  get current(): PayloadSet | null {
    return this.#context.current();
  }

  /** Whether the client has exactly these bytes, so that "not modified" is true for it. */
  holds(payloads: PayloadSet): boolean {
    const { current } = this;
    return current !== null && hasSameBytes(current, payloads);
  }

  /** The client gets no further calls. */
  leave(): void {
    this.#hasLeft = true;
  }

  /**
   * Offers payloads after those offered before. Never rejects. For a client that has left the result is
   * `unchanged`.
   *
   * @param age - how old they are when it is their turn.
   */
  offer(payloads: PayloadSet, age: () => SourceAge): Promise<OfferResult> {
    const offer = this.#lastOffer.then(() => this.#offer(payloads, age()));
    this.#lastOffer = offer;
    return offer;
  }

  confirmed(age: SourceAge): void {
    this.#call(() => this.#sink.confirmed(age));
  }

  scheduled(...facts: Parameters<SourceSink["scheduled"]>): void {
    this.#call(() => this.#sink.scheduled(...facts));
  }

  idle(): void {
    this.#call(() => this.#sink.idle());
  }

  failed(...facts: Parameters<SourceSink["failed"]>): void {
    this.#call(() => this.#sink.failed(...facts));
  }

  async #offer(payloads: PayloadSet, age: SourceAge): Promise<OfferResult> {
    if (this.#hasLeft) return { outcome: "unchanged" };
    let result: OfferResult;
    try {
      result = await this.#sink.offer(payloads, age);
    } catch (cause) {
      result = { outcome: "rejected", error: loadError(cause) };
    }
    // A client that left meanwhile has refused the payloads because it is closed, not for their content.
    return this.#hasLeft ? { outcome: "unchanged" } : result;
  }

  #call(call: () => void): void {
    if (this.#hasLeft) return;
    try {
      call();
    } catch (cause) {
      const { code } = loadError(cause);
      this.#context.diagnostics.warn("source sink failed", { code, reason: messageOf(cause) });
    }
  }
}
