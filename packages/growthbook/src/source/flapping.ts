import type { Clock } from "@sortition/core/source";

/** One quick reconnection is allowed in this time. */
const CALM_MS = 15_000;
/** Spread of the pause before a slow one. */
const SPREAD_MS = 2_000;

/**
 * Slows down a stream that the server ends again and again shortly after it is open: each new connection costs a
 * request of the payload, too.
 */
export class Flapping {
  readonly #clock: Clock;
  #quickAtMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Call it when an open stream was lost.
   *
   * @param u - one draw in [0, 1].
   * @returns ms until the next connection; `null`: the stream may reconnect at its own pace.
   */
  pauseMs(u: number): number | null {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#quickAtMs < CALM_MS) return CALM_MS + u * SPREAD_MS;
    this.#quickAtMs = nowMs;
    return null;
  }
}
