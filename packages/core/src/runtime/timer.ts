import type { Clock } from "./clock.js";

/** Starts a timer. The result cancels it. */
type StartTimer = (clock: Clock, callback: () => void, delayMs: number) => () => void;

const startTimer: StartTimer = (clock, callback, delayMs) =>
  clock.setTimer(callback, delayMs, { holdsProcess: false });

/** A timer with at most one pending callback. Never keeps the process alive. */
export class Timer {
  readonly #clock: Clock;
  readonly #start: StartTimer;
  #cancel: (() => void) | null = null;

  /** @param start - how time is measured. Default: by the clock only. */
  constructor(clock: Clock, start: StartTimer = startTimer) {
    this.#clock = clock;
    this.#start = start;
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
    this.#cancel = this.#start(this.#clock, fire, delayMs);
  }

  cancel(): void {
    this.#cancel?.();
    this.#cancel = null;
  }
}
