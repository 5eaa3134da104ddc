import type { ExposureDropReason } from "./exposure-drop-reason.js";
import { isLoggerFailure } from "./exposure-drop-reason.js";

/** What became of the events that were waiting when a flush began. */
export interface FlushCounts {
  readonly delivered: number;
  readonly failed: number;
  readonly dropped: number;
  readonly pending: number;
}

/** Follows the events that a queue has accepted up to a moment until each of them has settled. */
export class FlushWatch {
  readonly settled: Promise<void>;
  readonly #upTo: number;
  #resolve = (): void => {};
  #delivered = 0;
  #failed = 0;
  #dropped = 0;
  #pending: number;

  /**
   * @param upTo - number of the last event that was accepted.
   * @param pending - how many of them have not settled.
   */
  constructor(upTo: number, pending: number) {
    this.#upTo = upTo;
    this.#pending = pending;
    this.settled = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    if (pending === 0) this.#resolve();
  }

  get counts(): FlushCounts {
    return {
      delivered: this.#delivered,
      failed: this.#failed,
      dropped: this.#dropped,
      pending: this.#pending,
    };
  }

  /** Notes how an event ended: why it was dropped, or `null` if it was delivered. */
  note(sequence: number, reason: ExposureDropReason | null): void {
    if (sequence > this.#upTo) return;
    if (reason === null) this.#delivered += 1;
    else if (isLoggerFailure(reason)) this.#failed += 1;
    else this.#dropped += 1;
    this.#pending -= 1;
    if (this.#pending === 0) this.#resolve();
  }
}
