import type { Clock } from "@sortition/core/internal";

export interface WaitUntilParts {
  /** The platform's function. Its errors are ignored. */
  readonly waitUntil: (promise: Promise<unknown>) => void;
  /** Sends the waiting events. Never rejects. */
  readonly flush: () => Promise<unknown>;
  readonly debounceMs: number;
  readonly maxWaitMs: number;
  readonly clock: Clock;
}

/**
 * Keeps a serverless function alive until its events are sent. The platform receives one promise per burst of events. A
 * burst is flushed when no further event follows for a short time.
 */
export class WaitUntil {
  readonly #parts: WaitUntilParts;
  #burst: { readonly startedAtMs: number; readonly end: () => void } | null = null;
  #cancelTimer = (): void => {};

  constructor(parts: WaitUntilParts) {
    this.#parts = parts;
  }

  /** Called for each event. */
  touch(): void {
    const burst = this.#burst ?? this.#begin();
    if (burst === null) return;
    this.#cancelTimer();
    const { clock, debounceMs, maxWaitMs } = this.#parts;
    const leftMs = burst.startedAtMs + maxWaitMs - clock.monotonicMs();
    if (leftMs <= 0) this.end();
    else {
      const expire = (): void => this.end();
      this.#cancelTimer = clock.setTimer(expire, debounceMs, { holdsProcess: false });
    }
  }

  /** Keeps the function alive until the caller's flush has ended. During a burst, the burst already does. */
  hold(flushing: Promise<unknown>): void {
    if (this.#burst === null) this.#register(flushing.catch(() => {}));
  }

  /** Ends the burst: flushes its events, and then resolves the platform's promise. */
  end(): void {
    this.#cancelTimer();
    const burst = this.#burst;
    this.#burst = null;
    if (burst !== null) void this.#parts.flush().then(burst.end);
  }

  #begin(): { readonly startedAtMs: number; readonly end: () => void } | null {
    let end = (): void => {};
    const promise = new Promise<void>((resolve) => {
      end = resolve;
    });
    if (!this.#register(promise)) return null;
    this.#burst = { startedAtMs: this.#parts.clock.monotonicMs(), end };
    return this.#burst;
  }

  #register(promise: Promise<unknown>): boolean {
    try {
      this.#parts.waitUntil(promise);
      return true;
    } catch {
      return false; // outside of a request
    }
  }
}
