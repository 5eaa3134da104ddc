/** Runs attempts to load something, one at a time. */
export class Attempts<Outcome> {
  readonly #attempt: (answered: () => void) => Promise<Outcome>;
  #running: Promise<Outcome> | null = null;
  #isAnswered = false;

  /** @param attempt - does not reject. Calls `answered` when its response has been received. */
  constructor(attempt: (answered: () => void) => Promise<Outcome>) {
    this.#attempt = attempt;
  }

  /**
   * Starts an attempt, or joins the running one if its response has not been received yet.
   * Otherwise that response may be older than this call, so the caller gets the next attempt.
   */
  next(): Promise<Outcome> {
    if (this.#running !== null && this.#isAnswered) return this.another();
    this.#running ??= this.#start();
    return this.#running;
  }

  /** Whether an attempt is waiting for its response. */
  get isUnanswered(): boolean {
    return this.#running !== null && !this.#isAnswered;
  }

  /** Starts an attempt after the running one, if any. */
  another(): Promise<Outcome> {
    return this.#running === null ? this.next() : this.#running.then(() => this.next());
  }

  #start(): Promise<Outcome> {
    this.#isAnswered = false;
    const answered = (): void => {
      this.#isAnswered = true;
    };
    const ended = (): void => {
      this.#running = null;
    };
    // Assigned before the attempt begins, because its first statements may call `another`.
    let settle = (_: Promise<Outcome>): void => {};
    const running = new Promise<Outcome>((resolve) => {
      settle = resolve;
    });
    this.#running = running;
    settle(this.#attempt(answered).finally(ended));
    return running;
  }
}
