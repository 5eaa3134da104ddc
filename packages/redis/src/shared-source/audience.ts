import {
  type Clock,
  type Failure,
  loadError,
  messageOf,
  type PayloadSet,
  type PreparedUpdate,
  type SortitionError,
  type SourceAge,
  type SourceContext,
  type SourceSink,
} from "@sortition/core/source";
import { hasSameBytes } from "../codec/content.js";

/** Payloads that all clients have loaded. */
export type PreparedAll =
  | {
      readonly outcome: "prepared";
      /** Swaps them in at every client, in one turn. Returns whether one of them had other bytes. */
      apply(age: SourceAge): boolean;
    }
  | { readonly outcome: "rejected"; readonly error: SortitionError };

/**
 * One client that follows the source. A sink should never throw; one that does loses that call alone, and
 * the other clients notice nothing.
 */
class Follower {
  hasLeft = false;
  readonly #sink: SourceSink;
  readonly #context: SourceContext;

  constructor(sink: SourceSink, context: SourceContext) {
    this.#sink = sink;
    this.#context = context;
  }

  get current(): PayloadSet | null {
    return this.#context.current();
  }

  holds(payloads: PayloadSet): boolean {
    const { current } = this;
    return current !== null && hasSameBytes(current, payloads);
  }

  /** Never rejects. A client that left is `unchanged`. */
  async prepare(payloads: PayloadSet): Promise<PreparedUpdate> {
    if (this.hasLeft) return { outcome: "unchanged" };
    let prepared: PreparedUpdate;
    try {
      prepared = await this.#sink.prepare(payloads);
    } catch (cause) {
      prepared = { outcome: "rejected", error: loadError(cause) };
    }
    // A client that left meanwhile refuses payloads because it is closed, not for their content.
    return this.hasLeft ? { outcome: "unchanged" } : prepared;
  }

  apply(prepared: PreparedUpdate, age: SourceAge): void {
    if (prepared.outcome === "changed") this.call(() => prepared.apply(age));
    else this.call((sink) => sink.confirmed(age));
  }

  call(call: (sink: SourceSink) => void): void {
    if (this.hasLeft) return;
    try {
      call(this.#sink);
    } catch (cause) {
      const { code } = loadError(cause);
      this.#context.diagnostics.warn("source sink failed", { code, reason: messageOf(cause) });
    }
  }
}

/** The clients that follow one worker. */
export class Audience {
  readonly #followers = new Set<Follower>();
  readonly #clock: Pick<Clock, "monotonicMs">;

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
  }

  /** Adds a client. The result removes it, and returns whether it was the last one. */
  add(sink: SourceSink, context: SourceContext): () => boolean {
    const follower = new Follower(sink, context);
    this.#followers.add(follower);
    return () => {
      follower.hasLeft = true;
      return this.#followers.delete(follower) && this.#followers.size === 0;
    };
  }

  /** Payloads of the first client that has any; `null` if none has. */
  get current(): PayloadSet | null {
    for (const { current } of this.#followers) if (current !== null) return current;
    return null;
  }

  /** Loads payloads at every client without swapping. Rejected if one of them cannot use them. */
  async prepare(payloads: PayloadSet): Promise<PreparedAll> {
    const followers = [...this.#followers];
    const prepared = await Promise.all(followers.map((it) => it.prepare(payloads)));
    for (const update of prepared) if (update.outcome === "rejected") return update;
    return {
      outcome: "prepared",
      apply: (age) => {
        for (const [i, follower] of followers.entries()) {
          const update = prepared[i];
          if (update !== undefined) follower.apply(update, age);
        }
        // Those that joined meanwhile.
        for (const follower of this.#followers) {
          if (!followers.includes(follower)) void this.#offer(follower, payloads, age);
        }
        return prepared.some(({ outcome }) => outcome === "changed");
      },
    };
  }

  /** Confirms what the clients hold; one that holds something else is offered it. */
  confirm(payloads: PayloadSet, age: SourceAge): void {
    for (const follower of [...this.#followers]) {
      if (follower.holds(payloads)) follower.call((sink) => sink.confirmed(age));
      else void this.#offer(follower, payloads, age);
    }
  }

  fail(failure: Failure, next: { readonly inMs: number | null }): void {
    for (const follower of [...this.#followers]) {
      follower.call((sink) => sink.failed(failure, next));
    }
  }

  schedule(inMs: number): void {
    for (const follower of [...this.#followers]) {
      follower.call((sink) => sink.scheduled({ inMs }));
    }
  }

  async #offer(follower: Follower, payloads: PayloadSet, { ageMs = 0 }: SourceAge): Promise<void> {
    const startedAtMs = this.#clock.monotonicMs();
    const prepared = await follower.prepare(payloads);
    if (prepared.outcome === "rejected") return;
    follower.apply(prepared, { ageMs: ageMs + this.#clock.monotonicMs() - startedAtMs });
  }
}
