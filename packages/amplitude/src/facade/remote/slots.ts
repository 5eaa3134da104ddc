import { type Clock, TimeoutError } from "@sortition/core/source";

/** Lets a limited number of requests run beside each other; the others wait in the order of their calls. */
export class Slots {
  readonly #clock: Clock;
  readonly #timeoutMs: number | null;
  readonly #waiting = new Set<() => void>();
  #free: number;

  /**
   * @param limit - `null`: none.
   * @param timeoutMs - how long a request waits; `null`: as long as it takes.
   */
  constructor(clock: Clock, limit: number | null, timeoutMs: number | null) {
    this.#clock = clock;
    this.#free = limit ?? Number.POSITIVE_INFINITY;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Runs a request when there is a slot for it.
   *
   * @throws TimeoutError if it waits too long, the signal's reason when that is aborted, and the errors of
   * the request.
   */
  async run<T>(request: () => Promise<T>, signal: AbortSignal): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await this.#wait(signal);
    try {
      return await request();
    } finally {
      this.#passOn();
    }
  }

  /** The slot goes to the request that waits longest. */
  #passOn(): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#free += 1;
    else next();
  }

  #wait(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      let cancelTimer = (): void => {};
      const end = (settle: () => void): void => {
        this.#waiting.delete(start);
        cancelTimer();
        signal.removeEventListener("abort", onAbort);
        settle();
      };
      const start = (): void => end(resolve);
      const onAbort = (): void => end(() => reject(signal.reason));
      const timeoutMs = this.#timeoutMs;
      if (timeoutMs !== null) {
        const expire = (): void => end(() => reject(new TimeoutError("request", timeoutMs)));
        cancelTimer = this.#clock.setTimer(expire, timeoutMs, { holdsProcess: false });
      }
      signal.addEventListener("abort", onAbort);
      this.#waiting.add(start);
    });
  }
}
