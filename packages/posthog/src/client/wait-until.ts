import type { Clock } from "@sortition/core/source";

/** Times of {@link WaitUntil}, in ms. */
export interface WaitUntilTimes {
  readonly debounceMs: number;
  readonly maxWaitMs: number;
}

/**
 * Keeps a serverless function alive until its events are sent: one promise for a burst of events, which is
 * flushed after a short time without events.
 */
export class WaitUntil {
  readonly #register: (promise: Promise<unknown>) => void;
  readonly #flush: () => Promise<unknown>;
  readonly #times: WaitUntilTimes;
  readonly #clock: Clock;
  #burst: { readonly startedAtMs: number; readonly end: () => void } | null = null;
  #cancelTimer = (): void => {};

  /**
   * @param register - of the platform; what it throws is ignored.
   * @param flush - does not reject.
   */
  constructor(
    register: (promise: Promise<unknown>) => void,
    flush: () => Promise<unknown>,
    times: WaitUntilTimes,
    clock: Clock,
  ) {
    this.#register = register;
    this.#flush = flush;
    this.#times = times;
    this.#clock = clock;
  }

  /** Notes an event. */
  touch(): void {
    const burst = this.#burst ?? this.#begin();
    if (burst === null) return;
    this.#cancelTimer();
    const { debounceMs, maxWaitMs } = this.#times;
    const leftMs = burst.startedAtMs + maxWaitMs - this.#clock.monotonicMs();
    if (leftMs <= 0) this.end();
    else {
      const expire = (): void => this.end();
      this.#cancelTimer = this.#clock.setTimer(expire, debounceMs, { holdsProcess: false });
    }
  }

  /** Flushes, then lets the platform go. */
  end(): void {
    this.#cancelTimer();
    const burst = this.#burst;
    this.#burst = null;
    if (burst !== null) void this.#flush().then(burst.end);
  }

  #begin(): { readonly startedAtMs: number; readonly end: () => void } | null {
    let end = (): void => {};
    const promise = new Promise<void>((resolve) => {
      end = resolve;
    });
    try {
      this.#register(promise);
    } catch {
      return null; // outside a request
    }
    this.#burst = { startedAtMs: this.#clock.monotonicMs(), end };
    return this.#burst;
  }
}
