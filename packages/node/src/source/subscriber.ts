import type { OfferResult, PayloadSet, SourceContext, SourceSink } from "@sortition/core/source";
import { hasSameBytes } from "./payload-bytes.js";

/** One client that follows a poller, from `subscribe` to `end`. */
export class Subscriber {
  readonly #sink: SourceSink;
  readonly #context: SourceContext;
  /** Offers are made one after the other, or an older one could be applied last. */
  #lastOffer: Promise<unknown> = Promise.resolve();
  #hasLeft = false;

  constructor(sink: SourceSink, context: SourceContext) {
    this.#sink = sink;
    this.#context = context;
  }

  /** What the client holds, `null`: nothing, or something that was set by hand. */
  get current(): PayloadSet | null {
    return this.#context.current();
  }

  /** Whether the client has exactly these bytes, so that "not modified" is true for it. */
  holds(payloads: PayloadSet): boolean {
    const { current } = this;
    return current !== null && hasSameBytes(current, payloads);
  }

  /** Nothing is told to the client from now on. */
  leave(): void {
    this.#hasLeft = true;
  }

  /** Offers payloads after those offered before. A client that has left is content with anything. */
  offer(payloads: PayloadSet): Promise<OfferResult> {
    const offer = this.#lastOffer.then(async (): Promise<OfferResult> => {
      const result = this.#hasLeft ? null : await this.#sink.offer(payloads);
      // One that left meanwhile has refused the payloads because it is closed, not for what they are.
      return result === null || this.#hasLeft ? { outcome: "unchanged" } : result;
    });
    this.#lastOffer = offer;
    return offer;
  }

  confirmed(): void {
    if (!this.#hasLeft) this.#sink.confirmed();
  }

  scheduled(...facts: Parameters<SourceSink["scheduled"]>): void {
    if (!this.#hasLeft) this.#sink.scheduled(...facts);
  }

  idle(): void {
    this.#sink.idle();
  }

  failed(...facts: Parameters<SourceSink["failed"]>): void {
    if (!this.#hasLeft) this.#sink.failed(...facts);
  }
}
