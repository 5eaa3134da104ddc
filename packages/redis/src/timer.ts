import type { Clock } from "@sortition/core/kit";

/** One timer: a new time replaces the former one. Never keeps the process alive. */
export class Timer {
  readonly #clock: Clock;
  #cancel: (() => void) | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isSet(): boolean {
    return this.#cancel !== null;
  }

  set(delayMs: number, callback: () => void): void {
    this.cancel();
    const fire = (): void => {
      this.#cancel = null;
      callback();
    };
    this.#cancel = this.#clock.setTimer(fire, delayMs, { holdsProcess: false });
  }

  cancel(): void {
    this.#cancel?.();
    this.#cancel = null;
  }
}
