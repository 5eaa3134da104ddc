/** Attempts to load something, one at a time. */
export class Attempts<Outcome> {
  readonly #attempt: (answered: () => void) => Promise<Outcome>;
  #running: Promise<Outcome> | null = null;
  #isAnswered = false;

  /** @param attempt - does not reject; calls `answered` when what it asked for has arrived. */
  constructor(attempt: (answered: () => void) => Promise<Outcome>) {
    this.#attempt = attempt;
  }

  /**
   * Starts an attempt, or joins the running one if it has no answer yet. If the answer has arrived, the running attempt
   * began before this call, so the caller gets the attempt after it.
   */
  next(): Promise<Outcome> {
    if (this.#running !== null && this.#isAnswered) return this.another();
    this.#running ??= this.#start();
    return this.#running;
  }

  /** Whether an attempt waits for what it asked for. */
  get isUnanswered(): boolean {
    return this.#running !== null && !this.#isAnswered;
  }

  /** Starts an attempt when none is under way any more. */
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
    // Set before the attempt begins, because its first statements may call `another`.
    let settle = (_: Promise<Outcome>): void => {};
    const running = new Promise<Outcome>((resolve) => {
      settle = resolve;
    });
    this.#running = running;
    settle(this.#attempt(answered).finally(ended));
    return running;
  }
}
