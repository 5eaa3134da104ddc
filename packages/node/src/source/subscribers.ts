import type { Clock, Failure, PayloadSet, RefreshOutcome, SourceAge } from "@sortition/core/source";
import type { Subscriber } from "./subscriber.js";

const JUST_NOW: SourceAge = { ageMs: 0 };

/** The clients that follow one run of a source. */
export class Subscribers {
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #subscribers = new Set<Subscriber>();
  /** Payloads that are being offered; a client that joins meanwhile gets them too. */
  #offered: PayloadSet | null = null;
  /** When the origin last confirmed what the clients have. */
  #confirmedAtMs = 0;

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
  }

  /**
   * Adds a client, and offers it the payloads of the others, with their age.
   *
   * @param loaded - the payloads that the other clients have taken; `null` if there are none.
   */
  add(subscriber: Subscriber, loaded: PayloadSet | null): void {
    this.#subscribers.add(subscriber);
    if (this.#offered !== null) void subscriber.offer(this.#offered, () => JUST_NOW);
    else if (loaded !== null) {
      const age = (): SourceAge => ({ ageMs: this.#clock.monotonicMs() - this.#confirmedAtMs });
      void subscriber.offer(loaded, age);
    }
  }

  /** Removes a client. Returns whether it was the last one. */
  remove(subscriber: Subscriber): boolean {
    subscriber.leave();
    return this.#subscribers.delete(subscriber) && this.#subscribers.size === 0;
  }

  /** Payloads of the first client that has any; `null` if none has. */
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
    const offers = [...this.#subscribers].map((it) => it.offer(payloads, () => JUST_NOW));
    const results = await Promise.all(offers);
    this.#offered = null;
    for (const result of results) {
      if (result.outcome === "rejected") return { outcome: "failed", error: result.error };
    }
    this.#confirmedAtMs = this.#clock.monotonicMs();
    const isUpdate = results.some(({ outcome }) => outcome === "applied");
    return { outcome: isUpdate ? "updated" : "unchanged" };
  }

  /** Confirms what the clients hold; a client that holds something else is offered it. */
  async confirm(held: PayloadSet): Promise<void> {
    this.#confirmedAtMs = this.#clock.monotonicMs();
    const confirmations = [...this.#subscribers].map(async (subscriber) => {
      if (subscriber.holds(held)) subscriber.confirmed(JUST_NOW);
      else await subscriber.offer(held, () => JUST_NOW);
    });
    await Promise.all(confirmations);
  }

  /** Reports the time of the next attempt to all. */
  schedule(inMs: number): void {
    for (const subscriber of this.#subscribers) subscriber.scheduled({ inMs });
  }

  /** Reports a failed attempt to all. */
  fail(failure: Failure, next: { readonly inMs: number | null }): void {
    // A client may leave when it gets the call.
    for (const subscriber of [...this.#subscribers]) subscriber.failed(failure, next);
  }
}
