import { type Clock, NetworkError } from "@sortition/core/source";

/** Calls back when nothing happened for some time. One timer, however often it is reset. */
export class SilenceWatchdog {
  readonly #clock: Clock;
  readonly #silenceMs: number;
  readonly #onSilence: (error: NetworkError) => void;
  #lastMs: number;
  #cancelTimer: () => void = () => {};

  constructor(clock: Clock, silenceMs: number, onSilence: (error: NetworkError) => void) {
    this.#clock = clock;
    this.#silenceMs = silenceMs;
    this.#onSilence = onSilence;
    this.#lastMs = clock.monotonicMs();
    this.#arm(silenceMs);
  }

  reset(): void {
    this.#lastMs = this.#clock.monotonicMs();
  }

  stop(): void {
    this.#cancelTimer();
  }

  #arm(inMs: number): void {
    const onTimer = (): void => {
      const leftMs = this.#lastMs + this.#silenceMs - this.#clock.monotonicMs();
      if (leftMs > 0) this.#arm(leftMs);
      else
        this.#onSilence(new NetworkError(`nothing was received for ${this.#silenceMs} ms`, null));
    };
    this.#cancelTimer = this.#clock.setTimer(onTimer, inMs, { holdsProcess: false });
  }
}
