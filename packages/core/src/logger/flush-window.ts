/**
 * What became of the events of one flush: `delivered + failed + dropped + pending` is the number of
 * those that waited or were in flight when it began.
 */
export interface LoggerFlushSummary {
  /** Nothing failed, was dropped or is pending. */
  readonly ok: boolean;
  readonly delivered: number;
  readonly failed: number;
  readonly dropped: number;
  readonly pending: number;
}

/** How one event ended. */
export type Ending = "delivered" | "failed" | "dropped";

/** Follows the events up to a number until all have ended. */
export class FlushWindow {
  readonly #upTo: number;
  readonly #counts: Record<Ending, number> = { delivered: 0, failed: 0, dropped: 0 };
  readonly #resolve: () => void;
  /** Resolves when nothing is pending. */
  readonly done: Promise<void>;
  #pending: number;

  /**
   * @param upTo - number of the last event that belongs to it.
   * @param pending - how many of them have not ended.
   */
  constructor(upTo: number, pending: number) {
    this.#upTo = upTo;
    this.#pending = pending;
    let resolve = (): void => {};
    this.done = new Promise((resolvePromise) => {
      resolve = resolvePromise;
    });
    this.#resolve = resolve;
    if (pending === 0) resolve();
  }

  /** Notes the end of an event; one that came later than this flush is ignored. */
  note(number: number, ending: Ending): void {
    if (number > this.#upTo) return;
    this.#counts[ending] += 1;
    this.#pending -= 1;
    if (this.#pending === 0) this.#resolve();
  }

  /** As of now. */
  summary(): LoggerFlushSummary {
    const { delivered, failed, dropped } = this.#counts;
    const pending = this.#pending;
    return Object.freeze({
      ok: failed + dropped + pending === 0,
      delivered,
      failed,
      dropped,
      pending,
    });
  }
}
