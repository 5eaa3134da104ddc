import type { Ending } from "./ledger.js";

/** An event's line in the book of its client. A logger that holds the event settles it once. */
export interface Receipt {
  /** Whether a lost event is logged again unless the loss is lasting, so that the logger reports no loss. Absent: no. */
  readonly isRepeated?: boolean;
  /**
   * Notes how the event ended. Further calls are ignored.
   *
   * @param isLasting - for a loss: whether the event itself caused it, for example because it is too large. Otherwise the
   * next evaluation logs the exposure again, with the same message ID. Default: false.
   * @param reason - why it was lost, if the logger counts its losses by reason.
   */
  settle(ending: Ending, isLasting?: boolean, reason?: string): void;
}

/** Gives out the receipt of the event that is being logged. */
export interface Book {
  /** Called at most once per event, during the call of the logger. */
  claim(): Receipt;
}

/** The book whose logger is being called. It reaches a logger of ours through any number of the user's wrappers. */
let current: Book | null = null;

/** Sets the book of the calls that follow. Returns the former one, which the caller sets again afterwards. */
export function setBook(book: Book | null): Book | null {
  const former = current;
  current = book;
  return former;
}

/**
 * Claims the receipt of the event that is being logged. Call it first in `logAssignment` or `logBanditAction`, before any
 * `await`. `null`: no client is waiting for the outcome, or another logger has claimed it.
 */
export function claimReceipt(): Receipt | null {
  const book = current;
  current = null;
  return book === null ? null : book.claim();
}

/** Calls a logger that may claim a receipt from this book. */
export function callWithBook<Result>(book: Book | null, call: () => Result): Result {
  const former = setBook(book);
  try {
    return call();
  } finally {
    setBook(former);
  }
}

/** Events that were handed to a logger which reports the outcome of each. */
export class Later {
  /** All of them. */
  claimed = 0;
  /** Events whose outcome is not known yet. */
  held = 0;
  failed = 0;
  dropped = 0;

  /** Number of events that are not known to be delivered. */
  get undelivered(): number {
    return this.held + this.failed + this.dropped;
  }
}

/** A claimed receipt. Its outcome counts once the event was handed over. */
export class HeldReceipt implements Receipt {
  readonly #later: Later;
  #state: "claimed" | "held" | "over" = "claimed";
  #behind: Receipt | null = null;
  /** The outcome, if it was known before the event was handed over. */
  #early: Parameters<Receipt["settle"]> | null = null;

  constructor(later: Later) {
    this.#later = later;
  }

  /**
   * Notes that the event was handed over.
   *
   * @param behind - receives the outcome.
   */
  take(behind: Receipt | null): void {
    if (this.#state !== "claimed") return;
    this.#state = "held";
    this.#behind = behind;
    this.#later.claimed += 1;
    this.#later.held += 1;
    if (this.#early !== null) this.settle(...this.#early);
  }

  /** Ignores the outcome, because the event has been counted as lost. */
  release(): void {
    this.#state = "over";
  }

  settle(...outcome: Parameters<Receipt["settle"]>): void {
    const [ending] = outcome;
    if (this.#state === "claimed") this.#early ??= outcome;
    if (this.#state !== "held") return;
    this.#state = "over";
    this.#later.held -= 1;
    if (ending !== "delivered") this.#later[ending] += 1;
    const behind = this.#behind;
    this.#behind = null;
    behind?.settle(...outcome);
  }
}

/** The receipt of an event that one logger passes to the logger behind it, which may claim it. */
class PassedReceipt implements Receipt, Book {
  readonly #later: Later;
  readonly #behind: Receipt;
  #claimed: HeldReceipt | null = null;

  constructor(later: Later, behind: Receipt) {
    this.#later = later;
    this.#behind = behind;
  }

  claim(): Receipt {
    this.#claimed = new HeldReceipt(this.#later);
    return this.#claimed;
  }

  settle(...outcome: Parameters<Receipt["settle"]>): void {
    const claimed = this.#claimed;
    this.#claimed = null;
    if (claimed !== null && outcome[0] === "delivered") {
      claimed.take(this.#behind);
      return;
    }
    claimed?.release();
    this.#behind.settle(...outcome);
  }
}

/**
 * Calls the logger behind this one. If it claims the receipt, its outcome decides.
 *
 * @param event - its receipt is replaced. The caller settles it when the call has ended.
 * @param later - counts the events that the logger behind holds or has lost.
 * @param onEnded - called once with the final outcome, before the client's receipt is settled.
 */
export function handOver<Result>(
  event: { receipt: Receipt | null },
  later: Later,
  call: () => Result,
  onEnded?: Receipt["settle"],
): Result {
  const { receipt } = event;
  const passed = new PassedReceipt(later, {
    settle(...outcome) {
      onEnded?.(...outcome);
      receipt?.settle(...outcome);
    },
  });
  event.receipt = passed;
  return callWithBook(passed, call);
}
