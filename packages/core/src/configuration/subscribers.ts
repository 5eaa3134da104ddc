import type { SortitionError } from "../errors/errors.js";
import { messageOf } from "../errors/guard.js";
import type { PayloadSet } from "../model/configuration.js";
import { loadError } from "./load.js";
import type { Failure } from "./origin.js";
import { areSamePayloads } from "./same-payloads.js";
import type {
  OfferResult,
  PreparedUpdate,
  RefreshOutcome,
  SourceAge,
  SourceContext,
  SourceSink,
} from "./source.js";

/** Payloads that all clients have loaded. */
export type PreparedAll =
  | {
      readonly outcome: "prepared";
      /**
       * Swaps them in for every client, in one turn, and offers them to clients that joined meanwhile. Returns whether
       * any client had other bytes.
       */
      apply(age: SourceAge): boolean;
    }
  | { readonly outcome: "rejected"; readonly error: SortitionError };

/** The payloads of a source's clients, for a client that joins. */
export interface LoadedPayloads {
  readonly payloads: PayloadSet;
  /** Returns how long ago the origin confirmed them, ms. */
  ageMs(): number;
}

/** Why a client keeps its configuration. */
type NotTaken = Exclude<PreparedUpdate, { outcome: "changed" }>;

const JUST_NOW: SourceAge = { ageMs: 0 };

/** The clients that follow one run of a source. */
export class Subscribers {
  readonly #subscribers = new Set<Subscriber>();
  /** Payloads that are being offered. Clients that join meanwhile receive them too. */
  #offered: PayloadSet | null = null;

  /**
   * Adds a client, and offers it the payloads of the others.
   *
   * @param loaded - the payloads that the other clients have, or `null`.
   * @returns a function that removes the client, and returns whether it was the last one.
   */
  add(sink: SourceSink, context: SourceContext, loaded: LoadedPayloads | null): () => boolean {
    const subscriber = new Subscriber(sink, context);
    this.#subscribers.add(subscriber);
    if (this.#offered !== null) void subscriber.offer(this.#offered, () => JUST_NOW);
    else if (loaded !== null) {
      void subscriber.offer(loaded.payloads, () => ({ ageMs: loaded.ageMs() }));
    }
    return () => {
      subscriber.leave();
      return this.#subscribers.delete(subscriber) && this.#subscribers.size === 0;
    };
  }

  /** Payloads of the first client that has any, or `null`. */
  get current(): PayloadSet | null {
    for (const { current } of this.#subscribers) if (current !== null) return current;
    return null;
  }

  /** Whether every client has exactly these bytes. */
  hold(payloads: PayloadSet): boolean {
    return [...this.#subscribers].every((subscriber) => subscriber.holds(payloads));
  }

  /**
   * Offers payloads to each client, which loads them and swaps them in separately. Fails if one of them cannot use
   * them.
   */
  async offer(payloads: PayloadSet): Promise<RefreshOutcome> {
    this.#offered = payloads;
    const offers = [...this.#subscribers].map((it) => it.offer(payloads, () => JUST_NOW));
    const results = await Promise.all(offers);
    this.#offered = null;
    for (const result of results) {
      if (result.outcome === "rejected") return { outcome: "failed", error: result.error };
    }
    const isUpdate = results.some(({ outcome }) => outcome === "applied");
    return { outcome: isUpdate ? "updated" : "unchanged" };
  }

  /** Lets all clients load payloads without swapping them in. `rejected` if one of them cannot use them. */
  async prepare(payloads: PayloadSet): Promise<PreparedAll> {
    const subscribers = [...this.#subscribers];
    const updates = await Promise.all(subscribers.map((it) => it.prepare(payloads)));
    for (const update of updates) if (update.outcome === "rejected") return update;
    return {
      outcome: "prepared",
      apply: (age) => {
        for (const [i, subscriber] of subscribers.entries()) {
          const update = updates[i];
          if (update !== undefined) subscriber.apply(update, age);
        }
        for (const subscriber of this.#subscribers) {
          if (!subscribers.includes(subscriber)) void subscriber.offer(payloads, () => age);
        }
        return updates.some(({ outcome }) => outcome === "changed");
      },
    };
  }

  /** Confirms these payloads to the clients that have them, and offers them to the others. */
  async confirm(payloads: PayloadSet, age: SourceAge = JUST_NOW): Promise<void> {
    const confirmations = [...this.#subscribers].map(async (subscriber) => {
      if (subscriber.holds(payloads)) subscriber.call((sink) => sink.confirmed(age));
      else await subscriber.offer(payloads, () => age);
    });
    await Promise.all(confirmations);
  }

  /** Reports a failed attempt. A client may leave during the call. */
  failed(failure: Failure, next: { readonly inMs: number | null }): void {
    this.#callAll((sink) => sink.failed(failure, next));
  }

  /** Reports the time of the next attempt. */
  scheduled(inMs: number): void {
    this.#callAll((sink) => sink.scheduled({ inMs }));
  }

  /** Reports that attempts no longer start automatically. */
  idle(): void {
    this.#callAll((sink) => sink.idle());
  }

  #callAll(call: (sink: SourceSink) => void): void {
    for (const subscriber of [...this.#subscribers]) subscriber.call(call);
  }
}

/**
 * A client that follows a run of a source, from `subscribe` to `end`. A sink should never throw. If one does, only that
 * call is lost, and the other clients are not affected.
 */
class Subscriber {
  readonly #sink: SourceSink;
  readonly #context: SourceContext;
  /**
   * The last offer. Offers are made one after another, because otherwise an older one could be applied last. Never
   * rejects.
   */
  #lastOffer: Promise<unknown> = Promise.resolve();
  #hasLeft = false;

  constructor(sink: SourceSink, context: SourceContext) {
    this.#sink = sink;
    this.#context = context;
  }

  /** The client's payloads. `null`: there are none, or the caller set the configuration. */
  get current(): PayloadSet | null {
    return this.#context.current();
  }

  /** Whether the client has exactly these bytes, so that "not modified" applies to it. */
  holds(payloads: PayloadSet): boolean {
    const { current } = this;
    return current !== null && areSamePayloads(current, payloads);
  }

  /** Removes the client, which is not called any more. */
  leave(): void {
    this.#hasLeft = true;
  }

  /**
   * Offers payloads after those offered before. Never rejects. The result is `unchanged` for a client that has left.
   *
   * @param age - returns the age of the payloads when they are offered.
   */
  offer(payloads: PayloadSet, age: () => SourceAge): Promise<OfferResult> {
    const offer = this.#lastOffer.then(() => this.#load(() => this.#sink.offer(payloads, age())));
    this.#lastOffer = offer;
    return offer;
  }

  /** Loads payloads without swapping them in. Never rejects. The result is `unchanged` for a client that has left. */
  prepare(payloads: PayloadSet): Promise<PreparedUpdate> {
    return this.#load(() => this.#sink.prepare(payloads));
  }

  /** Swaps prepared payloads in, or confirms them. */
  apply(update: PreparedUpdate, age: SourceAge): void {
    if (update.outcome === "changed") this.call(() => update.apply(age));
    else this.call((sink) => sink.confirmed(age));
  }

  call(call: (sink: SourceSink) => void): void {
    if (this.#hasLeft) return;
    try {
      call(this.#sink);
    } catch (cause) {
      const { code } = loadError(cause);
      this.#context.diagnostics.warn("source sink failed", { code, reason: messageOf(cause) });
    }
  }

  async #load<Result>(load: () => Promise<Result>): Promise<Result | NotTaken> {
    if (this.#hasLeft) return { outcome: "unchanged" };
    let result: Result | NotTaken;
    try {
      result = await load();
    } catch (cause) {
      result = { outcome: "rejected", error: loadError(cause) };
    }
    // A client that left meanwhile refused the payloads because it is closed, not because of their content.
    return this.#hasLeft ? { outcome: "unchanged" } : result;
  }
}
