import type { Clock } from "@sortition/core/internal";

/** One quick reconnection is allowed in this time. */
const CALM_MS = 15_000;
/** Spread of the pause before a slow one. */
const SPREAD_MS = 2_000;

/**
 * Recognises a stream that the server ends again and again shortly after it is open. It is slowed down, since each new
 * connection costs a request of the payload, too.
 */
export class Flapping {
  readonly #clock: Clock;
  #quickAtMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Notes that an open stream was lost. Returns whether it must not reconnect at its own pace. */
  noteLoss(): boolean {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#quickAtMs < CALM_MS) return true;
    this.#quickAtMs = nowMs;
    return false;
  }
}

/**
 * Ms until a flapping stream is opened again.
 *
 * @param u - one draw in [0, 1].
 */
export function flappingPauseMs(u: number): number {
  return CALM_MS + u * SPREAD_MS;
}
