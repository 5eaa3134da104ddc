import { type Clock, createClock } from "@sortition/core/internal";

/** The wall clocks of hosts differ by up to a day. Monotonic clocks start anywhere. */
const MAX_SKEW_MS = 86_400_000;

/**
 * The clock of one simulated process. It is as fast as the real one, but starts at another time.
 * After it is stopped, no timer fires, as after `SIGKILL`.
 */
export class WorkerClock implements Clock {
  readonly #real = createClock();
  readonly #wallSkewMs = (2 * Math.random() - 1) * MAX_SKEW_MS;
  readonly #beginMs = Math.random() * MAX_SKEW_MS;
  readonly #cancels = new Set<() => void>();
  #isStopped = false;

  now(): number {
    return this.#real.now() + this.#wallSkewMs;
  }

  monotonicMs(): number {
    return this.#real.monotonicMs() + this.#beginMs;
  }

  setTimer(callback: () => void, delayMs: number): () => void {
    if (this.#isStopped) return () => {};
    const cancel = this.#real.setTimer(
      () => {
        this.#cancels.delete(stop);
        callback();
      },
      delayMs,
      { holdsProcess: true },
    );
    const stop = (): void => {
      this.#cancels.delete(stop);
      cancel();
    };
    this.#cancels.add(stop);
    return stop;
  }

  yieldNow(): Promise<void> {
    return this.#real.yieldNow();
  }

  stop(): void {
    this.#isStopped = true;
    for (const cancel of [...this.#cancels]) cancel();
  }
}
