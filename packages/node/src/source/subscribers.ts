import type { Failure, PayloadSet, RefreshOutcome } from "@sortition/core/source";
import type { Subscriber } from "./subscriber.js";

/** The clients that follow one run of a source. */
export class Subscribers {
  readonly #subscribers = new Set<Subscriber>();
  /** What is being offered; one who joins meanwhile gets it too. */
  #offered: PayloadSet | null = null;

  /**
   * Adds a client, which is offered what there is.
   *
   * @param loaded - what the others took, if anything.
   */
  add(subscriber: Subscriber, loaded: PayloadSet | null): void {
    this.#subscribers.add(subscriber);
    const payloads = this.#offered ?? loaded;
    if (payloads !== null) void subscriber.offer(payloads);
  }

  /** Lets a client go. Tells whether it was the last one. */
  remove(subscriber: Subscriber): boolean {
    subscriber.leave();
    return this.#subscribers.delete(subscriber) && this.#subscribers.size === 0;
  }

  /** What one of them holds, `null` if none holds anything. */
  get current(): PayloadSet | null {
    for (const { current } of this.#subscribers) if (current !== null) return current;
    return null;
  }

  /** Whether each of them has exactly these bytes. */
  hold(payloads: PayloadSet): boolean {
    return [...this.#subscribers].every((subscriber) => subscriber.holds(payloads));
  }

  /** Offers payloads to all. It fails if one of them finds them unusable. */
  async offer(payloads: PayloadSet): Promise<RefreshOutcome> {
    this.#offered = payloads;
    const offers = [...this.#subscribers].map((subscriber) => subscriber.offer(payloads));
    const results = await Promise.all(offers).finally(() => {
      this.#offered = null;
    });
    for (const result of results) {
      if (result.outcome === "rejected") return { outcome: "failed", error: result.error };
    }
    const isUpdate = results.some(({ outcome }) => outcome === "applied");
    return { outcome: isUpdate ? "updated" : "unchanged" };
  }

  /** Tells all that what they hold is still so; who holds something else is offered it. */
  async confirm(held: PayloadSet): Promise<void> {
    const confirmations = [...this.#subscribers].map(async (subscriber) => {
      if (subscriber.holds(held)) subscriber.confirmed();
      else await subscriber.offer(held);
    });
    await Promise.all(confirmations);
  }

  /** Tells all when the next look comes. */
  schedule(inMs: number): void {
    for (const subscriber of this.#subscribers) subscriber.scheduled({ inMs });
  }

  /** Tells all of a failed attempt. */
  fail(failure: Failure, next: { readonly inMs: number | null }): void {
    // Who is told may leave.
    for (const subscriber of [...this.#subscribers]) subscriber.failed(failure, next);
  }
}
