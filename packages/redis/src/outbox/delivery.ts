import {
  type Book,
  type Clock,
  callWithBook,
  type Ending,
  type Receipt,
  within,
} from "@sortition/core/internal";
import type { InnerLogger } from "../inner-logger.js";
import type { Entry } from "./entry.js";

/** Outcome of a delivery to the logger. */
export interface Outcome {
  readonly accepted: readonly Entry[];
  readonly failed: readonly Entry[];
  /** Number of `accepted` entries that the logger itself dropped at once. */
  readonly dropped: number;
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

  /**
   * Delivers entries together. If the logger claims their receipts, each has its own outcome. Otherwise, a logger with a
   * `flush` accepts either all of them or none.
   */
  async deliver(entries: readonly Entry[]): Promise<Outcome> {
    const limit = { clock: this.#clock, timeoutMs: this.#timeoutMs, holdsProcess: false };
    const endsAtMs = this.#clock.monotonicMs() + this.#timeoutMs;
    const remainingMs = (): number => endsAtMs - this.#clock.monotonicMs();
    const receipts = entries.map(() => new EntryReceipt());
    const calls = entries.map((entry, i) =>
      within(limit, () => callWithBook(receipts[i] ?? null, () => this.#log(entry))),
    );
    const outcomes = await Promise.all(calls);
    const hasTaken = outcomes.some(({ kind }) => kind === "done");
    const isFlushed = !hasTaken || (await this.#inner.flush(remainingMs()));
    await within({ ...limit, timeoutMs: remainingMs() }, () =>
      Promise.all(receipts.map(({ ended }) => ended)),
    );
    const accepted = entries.filter(
      (_, i) => outcomes[i]?.kind === "done" && receipts[i]?.isAccepted(isFlushed),
    );
    const failed = entries.filter((entry) => !accepted.includes(entry));
    const dropped = receipts.filter(({ isDropped }) => isDropped).length;
    const failure = outcomes.find(({ kind }) => kind === "failed");
    const error = failure?.kind === "failed" ? failure.error : UNDELIVERED;
    // A timer may be a fraction of a millisecond early.
    const isLate = outcomes.some(({ kind }) => kind === "late") || remainingMs() <= 1;
    return { accepted, failed, dropped, hangs: isLate && accepted.length === 0, error };
  }

  #log({ logged }: Entry): unknown {
    if (logged === null) throw new Error("the entry is not an exposure");
    return this.#inner.log(logged);
  }
}

/** The receipt of one entry, which the logger may claim. */
class EntryReceipt implements Book, Receipt {
  readonly isRepeated = true;
  /** Resolves when the outcome is known, or immediately if no logger claimed the receipt. */
  ended: Promise<void> = Promise.resolve();
  #isClaimed = false;
  #isAccepted: boolean | null = null;
  #isDropped = false;
  #onEnded = (): void => {};
  #isInCall = true;

  claim(): Receipt {
    this.#isClaimed = true;
    this.ended = new Promise((resolve) => {
      this.#onEnded = resolve;
    });
    void Promise.resolve().then(() => {
      this.#isInCall = false;
    });
    return this;
  }

  settle(ending: Ending, isLasting = false): void {
    if (this.#isAccepted === null) {
      // An event that the logger itself drops at once, for example because a mapper says so, needs no further attempt.
      this.#isDropped = ending !== "delivered" && isLasting && this.#isInCall;
      this.#isAccepted = ending === "delivered" || this.#isDropped;
    }
    this.#onEnded();
  }

  /** Whether the logger itself dropped the entry at once. */
  get isDropped(): boolean {
    return this.#isDropped;
  }

  /** @param isFlushed - whether the flush of the logger succeeded. */
  isAccepted(isFlushed: boolean): boolean {
    return this.#isClaimed ? this.#isAccepted === true : isFlushed;
  }
}

const UNDELIVERED = new Error("the logger did not deliver");
