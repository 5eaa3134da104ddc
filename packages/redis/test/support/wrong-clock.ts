import { type Clock, createClock } from "@sortition/core/internal";

/**
 * The clock of a process that can be frozen. While frozen, its monotonic clock stands still, and
 * its timers wait.
 */
export class WrongClock implements Clock {
  readonly #real = createClock();
  readonly #waiting = new Set<() => void>();
  #frozenAtMs: number | null = null;
  #frozenMs = 0;
  skewMs = 0;

  get isFrozen(): boolean {
    return this.#frozenAtMs !== null;
  }

  now(): number {
    return this.#real.now() + this.skewMs;
  }

  monotonicMs(): number {
    return (this.#frozenAtMs ?? this.#real.monotonicMs()) - this.#frozenMs;
  }

  setTimer(callback: () => void, delayMs: number): () => void {
    const run = (): void => {
      this.#waiting.delete(run);
      callback();
    };
    const fire = (): void => (this.isFrozen ? void this.#waiting.add(run) : run());
    const cancel = this.#real.setTimer(fire, delayMs, { holdsProcess: true });
    return () => {
      cancel();
      this.#waiting.delete(run);
    };
  }

  yieldNow(): Promise<void> {
    return this.#real.yieldNow();
  }

  freeze(): void {
    this.#frozenAtMs ??= this.#real.monotonicMs();
  }

  thaw(): void {
    if (this.#frozenAtMs === null) return;
    this.#frozenMs += this.#real.monotonicMs() - this.#frozenAtMs;
    this.#frozenAtMs = null;
    for (const run of [...this.#waiting]) run();
  }
}
