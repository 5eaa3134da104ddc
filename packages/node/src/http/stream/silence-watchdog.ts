import { type Clock, NetworkError } from "@sortition/core/internal";

/** How long a server may be silent. */
export interface Silence {
  readonly silenceMs: number;
  /** Origin of the server's URL, for the message. */
  readonly server?: string | undefined;
}

/** Calls back if nothing happened for some time. Uses a single timer, however often it is reset. */
export class SilenceWatchdog {
  readonly #clock: Clock;
  readonly #silence: Silence;
  readonly #onSilence: (error: NetworkError) => void;
  #lastMs: number;
  #cancelTimer: () => void = () => {};

  constructor(clock: Clock, silence: Silence, onSilence: (error: NetworkError) => void) {
    this.#clock = clock;
    this.#silence = silence;
    this.#onSilence = onSilence;
    this.#lastMs = clock.monotonicMs();
    this.#arm(silence.silenceMs);
  }

  reset(): void {
    this.#lastMs = this.#clock.monotonicMs();
  }

  stop(): void {
    this.#cancelTimer();
  }

  #arm(inMs: number): void {
    const { server, silenceMs } = this.#silence;
    const from = server === undefined ? "" : ` from ${server}`;
    const onTimer = (): void => {
      const leftMs = this.#lastMs + silenceMs - this.#clock.monotonicMs();
      if (leftMs > 0) this.#arm(leftMs);
      else
        this.#onSilence(new NetworkError(`nothing was received${from} for ${silenceMs} ms`, null));
    };
    this.#cancelTimer = this.#clock.setTimer(onTimer, inMs, { holdsProcess: false });
  }
}
