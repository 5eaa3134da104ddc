import type { Ending } from "./ledger.js";

/** An event's line in the ledger of its client. A logger that holds the event settles it once. */
export interface Receipt {
  settle(ending: Ending): void;
}

/** The ledger of a client for one logger. */
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

/** Claims the receipt of the event that is being logged. `null`: the caller is no client, or it was claimed already. */
export function claimReceipt(): Receipt | null {
  const book = current;
  current = null;
  return book === null ? null : book.claim();
}

/** A receipt that a logger passes on to the logger behind it. If that one claims it, only that one's outcome counts. */
export class PassedReceipt implements Receipt, Book {
  readonly #receipt: Receipt;
  #isClaimed = false;

  constructor(receipt: Receipt) {
    this.#receipt = receipt;
  }

  claim(): Receipt {
    this.#isClaimed = true;
    return this.#receipt;
  }

  settle(ending: Ending): void {
    if (ending !== "delivered" || !this.#isClaimed) this.#receipt.settle(ending);
  }
}

/** Calls the logger behind this one, which may claim the receipt of the event. Without a receipt, it may claim none. */
export function handOver<Result>(event: { receipt: Receipt | null }, call: () => Result): Result {
  const passed = event.receipt === null ? null : new PassedReceipt(event.receipt);
  event.receipt = passed;
  const former = setBook(passed);
  try {
    return call();
  } finally {
    setBook(former);
  }
}
