import type { Clock } from "@sortition/core/source";
import { setLoopTimer } from "../loop-timer.js";

/** A time in which Redis cannot be used, as one worker sees it. */
export class Outage {
  readonly #clock: Clock;
  readonly #onLong: () => void;
  #sinceMs: number | null = null;
  #isLong = false;
  #cancelTimer = (): void => {};

  /** @param onLong - called when it has lasted longer than it is waited for. */
  constructor(clock: Clock, onLong: () => void) {
    this.#clock = clock;
    this.#onLong = onLong;
  }

  get isOn(): boolean {
    return this.#sinceMs !== null;
  }

  /** Whether it has lasted longer than it is waited for, in time in which the event loop ran. */
  get isLong(): boolean {
    return this.#isLong;
  }

  /** How long it has lasted; 0 without one. */
  get ms(): number {
    return this.#sinceMs === null ? 0 : this.#clock.monotonicMs() - this.#sinceMs;
  }

  /**
   * Redis cannot be used; nothing happens if that is known.
   *
   * @param patienceMs - how long it is waited for.
   */
  begin(patienceMs: number): void {
    if (this.#sinceMs !== null) return;
    this.#sinceMs = this.#clock.monotonicMs();
    this.#wait(patienceMs);
  }

  /** The wait begins again, unless it is over. */
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
