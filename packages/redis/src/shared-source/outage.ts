import type { Clock } from "@sortition/core/kit";
import { setLoopTimer } from "../loop-timer.js";

/** A time in which Redis cannot be used, as one worker sees it. */
export class Outage {
  readonly #clock: Clock;
  readonly #onLong: () => void;
  #sinceMs: number | null = null;
  #isLong = false;
  #cancelTimer = (): void => {};

  /** @param onLong - called when the outage has lasted longer than its patience. */
  constructor(clock: Clock, onLong: () => void) {
    this.#clock = clock;
    this.#onLong = onLong;
  }

  get isOn(): boolean {
    return this.#sinceMs !== null;
  }

  /** Whether it has lasted longer than its patience, in time in which the event loop ran. */
  get isLong(): boolean {
    return this.#isLong;
  }

  /** How long it has lasted; 0 without one. */
  get ms(): number {
    return this.#sinceMs === null ? 0 : this.#clock.monotonicMs() - this.#sinceMs;
  }

  /**
   * Begins an outage: Redis cannot be used. Does nothing during one.
   *
   * @param patienceMs - how long the worker waits for Redis before the outage is long.
   */
  begin(patienceMs: number): void {
    if (this.#sinceMs !== null) return;
    this.#sinceMs = this.#clock.monotonicMs();
    this.#wait(patienceMs);
  }

  /** Begins the wait again, unless the outage is long already. */
  waitAgain(patienceMs: number): void {
    if (this.#sinceMs !== null && !this.#isLong) this.#wait(patienceMs);
  }

  end(): void {
    this.#cancelTimer();
    this.#sinceMs = null;
    this.#isLong = false;
  }

  #wait(patienceMs: number): void {
    this.#cancelTimer();
    this.#cancelTimer = setLoopTimer(
      this.#clock,
      () => {
        this.#isLong = true;
        this.#onLong();
      },
      patienceMs,
    );
  }
}
