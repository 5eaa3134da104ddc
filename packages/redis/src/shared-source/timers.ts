import type { Clock } from "@sortition/core/source";

/** Timers with names: a new one replaces that of the same name. None keeps the process alive. */
export class Timers<Name extends string> {
  readonly #clock: Clock;
  readonly #cancels = new Map<Name, () => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  has(name: Name): boolean {
    return this.#cancels.has(name);
  }

  set(name: Name, delayMs: number, callback: () => void): void {
    this.cancel(name);
    const fire = (): void => {
      this.#cancels.delete(name);
      callback();
    };
    this.#cancels.set(name, this.#clock.setTimer(fire, delayMs, { holdsProcess: false }));
  }

  cancel(name: Name): void {
    this.#cancels.get(name)?.();
    this.#cancels.delete(name);
  }

  cancelAll(): void {
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
  }
}
