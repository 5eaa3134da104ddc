import type { RefreshOutcome } from "@sortition/core/source";

/** Attempts to load something, one at a time. */
export class Attempts {
  readonly #attempt: (answered: () => void) => Promise<RefreshOutcome>;
  #running: Promise<RefreshOutcome> | null = null;
  #isAnswered = false;

  /** @param attempt - does not reject; calls `answered` when what it asked for has arrived. */
  constructor(attempt: (answered: () => void) => Promise<RefreshOutcome>) {
    this.#attempt = attempt;
  }

  /**
   * Starts an attempt, or joins the one that is still unanswered. One whose answer is being used began before whoever
   * calls now: they get the one after it.
   */
  next(): Promise<RefreshOutcome> {
    if (this.#running !== null && this.#isAnswered) return this.another();
    this.#running ??= this.#start();
    return this.#running;
  }

  /** Starts an attempt when none is under way any more. */
  another(): Promise<RefreshOutcome> {
    return this.#running === null ? this.next() : this.#running.then(() => this.next());
  }

  #start(): Promise<RefreshOutcome> {
    this.#isAnswered = false;
    const answered = (): void => {
      this.#isAnswered = true;
    };
    return this.#attempt(answered).finally(() => {
      this.#running = null;
    });
  }
}
