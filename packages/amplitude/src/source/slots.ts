import type { Clock } from "@sortition/core/internal";
import { withAbortDeadline } from "./abort-deadline.js";

const NO_LIMIT = Number.POSITIVE_INFINITY;

/** Limits the number of concurrent requests. The others wait in the order of their calls. */
export class Slots {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #waiting = new Set<() => void>();
  #free: number;

  /**
   * @param limit - `null`: no limit.
   * @param timeoutMs - how long a request may wait. `null`: no limit.
   */
  constructor(clock: Clock, limit: number | null, timeoutMs: number | null) {
    this.#clock = clock;
    this.#free = limit ?? NO_LIMIT;
    this.#timeoutMs = timeoutMs ?? NO_LIMIT;
  }

  /**
   * Runs a request when a slot is free.
   *
   * @param signal - ends the wait. Do not use one signal for many requests, because Node.js warns
   * about more than ten listeners.
   * @throws TimeoutError if it waits too long, NetworkError if the signal is aborted, and the
   * errors of the request.
   */
  async run<T>(request: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await this.#wait(signal);
    try {
      return await request();
    } finally {
      this.#passOn();
    }
  }

  /** Passes the slot to the request that has waited longest. */
  #passOn(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#free += 1;
      return;
    }
    this.#waiting.delete(next);
    next();
  }

  async #wait(signal: AbortSignal | undefined): Promise<void> {
    let hasSlot = false;
    let start = (): void => {};
    const started = new Promise<void>((resolve) => {
      start = () => {
        hasSlot = true;
        resolve();
      };
    });
    const limits = { clock: this.#clock, timeoutMs: this.#timeoutMs, signal };
    this.#waiting.add(start);
    try {
      await withAbortDeadline(limits, () => started);
    } catch (error) {
      if (hasSlot) this.#passOn();
      throw error;
    } finally {
      this.#waiting.delete(start);
    }
  }
}
