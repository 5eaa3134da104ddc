import type { Clock } from "@sortition/core/source";

/** One limit for several steps. While a caller waits for one of them, the process is held. */
export class Deadline {
  readonly #clock: Clock;
  readonly #endsAtMs: number;

  constructor(clock: Clock, timeoutMs: number) {
    this.#clock = clock;
    this.#endsAtMs = clock.monotonicMs() + timeoutMs;
  }

  /** Time that is left, not below 0. */
  get leftMs(): number {
    return Math.max(0, this.#endsAtMs - this.#clock.monotonicMs());
  }

  /** Resolves when the work has ended or the time has passed; rejects as the work does. */
  limit(work: Promise<unknown>): Promise<unknown> {
    let cancel = (): void => {};
    const expired = new Promise<void>((resolve) => {
      cancel = this.#clock.setTimer(resolve, this.leftMs, { holdsProcess: true });
    });
    return Promise.race([work, expired]).finally(cancel);
  }
}
