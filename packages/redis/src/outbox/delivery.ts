import { type Clock, within } from "@sortition/core/internal";
import type { InnerLogger } from "../inner-logger.js";
import type { Entry } from "./entry.js";

/** Outcome of a delivery to the logger. */
export interface Outcome {
  readonly accepted: readonly Entry[];
  readonly failed: readonly Entry[];
  /** Whether the logger accepted no entry, and did not respond in time. */
  readonly hangs: boolean;
  readonly error: unknown;
}

/** Passes entries to a logger, and waits until it has delivered them. */
export class Delivery {
  readonly #inner: InnerLogger;
  readonly #clock: Clock;
  readonly #timeoutMs: number;

  /** @param timeoutMs - time limit of one batch. */
  constructor(inner: InnerLogger, clock: Clock, timeoutMs: number) {
    this.#inner = inner;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  /** Delivers entries together. A logger that buffers accepts either all of them or none. */
  async deliver(entries: readonly Entry[]): Promise<Outcome> {
    const limit = { clock: this.#clock, timeoutMs: this.#timeoutMs, holdsProcess: false };
    const startedAtMs = this.#clock.monotonicMs();
    const calls = entries.map((entry) => within(limit, () => this.#log(entry)));
    const outcomes = await Promise.all(calls);
    let accepted = entries.filter((_, i) => outcomes[i]?.kind === "done");
    const failure = outcomes.find(({ kind }) => kind === "failed");
    let error = failure?.kind === "failed" ? failure.error : LATE;
    let isLate = outcomes.some(({ kind }) => kind === "late");
    if (this.#inner.buffers && accepted.length > 0) {
      const remainingMs = startedAtMs + this.#timeoutMs - this.#clock.monotonicMs();
      if (!(await this.#inner.flush(remainingMs))) {
        accepted = [];
        error = LATE;
        // A timer may be a fraction of a millisecond early.
        isLate ||= this.#clock.monotonicMs() - startedAtMs >= this.#timeoutMs - 1;
      }
    }
    const failed = entries.filter((entry) => !accepted.includes(entry));
    return { accepted, failed, hangs: isLate && accepted.length === 0, error };
  }

  #log({ logged }: Entry): unknown {
    if (logged === null) throw new Error("the entry is not an exposure");
    return this.#inner.log(logged);
  }
}

const LATE = new Error("the logger did not deliver");
